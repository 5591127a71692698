"""What can be done with keys: one verb a file."""
