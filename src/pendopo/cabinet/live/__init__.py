"""The live session as events: ``commands`` say what may happen, ``events`` what did, ``state`` where we are.

Pure but for pydantic's parsing; storing and telling is ``actions.session``'s work. Folding the events of a
session again gives the same state, and with it the same tally, always.
"""
