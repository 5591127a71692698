"""Public pages of the catalogue: services, one service, search, life events."""
