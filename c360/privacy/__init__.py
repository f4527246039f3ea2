"""Privacy: normal forms of identifiers and their digests, the same for every room."""
