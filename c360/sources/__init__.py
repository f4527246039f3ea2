"""Sources: contracts, the files that land under them, and the lake they become."""
