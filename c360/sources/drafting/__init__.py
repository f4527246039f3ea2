"""A first contract from a sample file. Drafting may guess; ingest never does."""
