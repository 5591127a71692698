"""Service definitions: read, prove, publish, find, and say what a form must ask next.

A public service is a folder of text under ``definitions/services``. This room turns it into frozen typed
values, proves it before it is published as an immutable signed version, and interprets it: given the answers
so far and what registers know, which pages apply, what is still needed, and what is wrong. What may come in:
anything that is true of a service for everybody. What may not: cases and people; they live in ``casework``.
"""
