"""The front door's own verbs, one a module; each has ``register(commands)`` like a room's ``cli``."""
