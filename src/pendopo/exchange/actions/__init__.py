"""What changes the exchange's registry: one verb a file."""
