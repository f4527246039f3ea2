"""Audiences: what a file in `audiences/` promises, the SQL it compiles to, and who is in it for each destination."""
