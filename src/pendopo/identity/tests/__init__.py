"""Tests of the Digital ID."""
