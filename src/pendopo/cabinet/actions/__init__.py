"""What people do here: one verb a function, one file a noun."""
