"""A body at work, for tests of this room and of rooms above."""
