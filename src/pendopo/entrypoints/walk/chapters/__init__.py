"""The walk's chapters.

Each step takes the trail, does one thing as a person would, and returns the facts to tell.
"""
