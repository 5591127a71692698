"""The composition root: settings, addresses, servers, the front door's verbs and the demo walk.

May import every room; nobody imports it.
"""
