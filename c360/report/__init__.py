"""What a run did, as figures read back from its tables: printed in the terminal and written as one HTML page."""
