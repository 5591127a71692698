"""REST interface ``population-v1`` of the population office, behind its own gateway only."""
