"""What queries answer with: frozen values, already filtered by what the reader may know."""
