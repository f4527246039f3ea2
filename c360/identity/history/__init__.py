"""What identity remembers from run to run: ids, what became of customers, what people decided."""
