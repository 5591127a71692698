"""What people may read here, as frozen values: every function takes the reader."""
