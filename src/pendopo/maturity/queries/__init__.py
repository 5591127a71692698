"""What is read, for pages and for the door."""
