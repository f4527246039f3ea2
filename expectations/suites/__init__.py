"""One file per guarded table; each exposes `rules(as_of, previous)`."""
