"""What the pages of an assessment show, as frozen values."""
