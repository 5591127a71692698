"""Drills: what an operator hopes to be able to do, done and compared; each leaves a signed report.

``tables``, ``files`` and ``opening`` say what something is; ``comparing`` holds two of them against each
other; ``restore`` is the drill itself; ``report`` keeps what was found.
"""
