"""What every room stands on: settings, the run context, the warehouse, errors and the log."""
