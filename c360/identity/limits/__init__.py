"""What may never be one person, whoever asks."""
