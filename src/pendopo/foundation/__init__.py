"""Plumbing that every room stands on: settings, encryption at rest, audit rows, outbox, jobs, pages.

It knows no public-service words. What comes in here is technical, used by at least two rooms, and
needs Django or the database; what is pure belongs to ``kernel``.
"""
