"""The kernel: the few nouns that every room shares, in pure Python.

Ids, time, money, names, NIK and family-card numbers, and the root of the error tree. Nothing here knows
Django, a database, a file or a network; a value that is right here is right everywhere. What may come in:
value types and rules without which two rooms would disagree. What may not: anything that only one room needs.
"""
