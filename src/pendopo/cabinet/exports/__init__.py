"""Sessions in public formats. Each module is pure: minutes with the reader's items go in, a file comes out.

Which items a reader gets is decided before (``actions.exports``); seats are named by office, persons never.
"""
