"""The public verification pages and a person's download."""
