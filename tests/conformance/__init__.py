"""What others wrote, used against us: client libraries and oracles that know nothing of this project."""
