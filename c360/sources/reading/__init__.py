"""Files as rows with line numbers, format by format, leaving nothing out."""
