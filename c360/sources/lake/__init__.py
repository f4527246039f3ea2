"""Rows into the lake or into quarantine, with accounts that add up, and what is known of them afterwards."""
