"""Builders for tests, here and in the desk: an office on a loopback port, applications and cases."""
