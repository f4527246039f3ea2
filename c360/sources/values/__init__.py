"""What a value is: the contract's types as SQL, times and their zones, and where a value stands in a JSON object."""
