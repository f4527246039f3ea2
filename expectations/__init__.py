"""What Great Expectations guards: one suite per table, run at the doors by `gates`."""
