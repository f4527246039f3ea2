"""One file per model, named as the model; each exposes `MODEL`."""
