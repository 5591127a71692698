"""Public bodies, their units, and the posts in which officers act: the tenant boundary.

What belongs here: who the bodies are, which exchange member each one is, who holds which post, and what
a post may do. What does not: who a person is (``identity``), and what a permission opens (the room that
owns the resource).
"""
