"""What people ask about who is one person: why, and what if."""
