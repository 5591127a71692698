"""Composition root: what starts, configures and walks the house. It may import every room; no room imports it."""
