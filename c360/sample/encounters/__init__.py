"""What happens to people besides buying and browsing: a module per kind of encounter, all numbers in `touchpoints`."""
