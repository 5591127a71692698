"""What can be done with files and documents: one verb a file."""
