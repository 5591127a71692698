"""Sessions from other systems. Reading is pure; writing is ``actions.imports``."""
