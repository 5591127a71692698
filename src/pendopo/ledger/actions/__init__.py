"""What can be done with the log: one verb a file."""
