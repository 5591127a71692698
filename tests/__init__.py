"""Tests that span rooms; each room keeps its own beside its code."""
