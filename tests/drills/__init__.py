"""Drills against a whole running demonstration: restore, mixed restore, escrow, upgrade."""
