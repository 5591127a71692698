"""Fictitious people in families that make sense, the same for the same seed.

Every NIK carries district code 99, which no district has; telephone numbers use an area code that nobody has,
mail addresses a domain that can never exist (RFC 2606). A production register refuses them.
"""
