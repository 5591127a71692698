"""The house's own rules as tests: floors, doors, purity, routes, text."""
