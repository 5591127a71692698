"""Contracts between two sides of an interface, checked with both sides real."""
