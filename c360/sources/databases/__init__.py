"""Tables of databases, whose new rows are landed as files."""
