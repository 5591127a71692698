"""The typed form of a definition folder, file by file."""
