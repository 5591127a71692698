"""Tests of bodies, units and posts."""
