"""Destinations: one folder per platform, each turning consented people into the exact payload its platform expects."""
