"""What happens to people besides buying and browsing: one module per kind of encounter, all numbers in `touchpoints`."""
