"""Who is one person by the identifiers they share."""
