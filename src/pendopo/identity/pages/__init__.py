"""Pages of the Digital ID."""
