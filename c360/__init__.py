"""c360: an open customer-data platform that a data team runs in its own warehouse."""
