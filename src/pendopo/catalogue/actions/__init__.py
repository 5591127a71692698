"""What can be done in the catalogue."""
