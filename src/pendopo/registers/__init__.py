"""Base registers of a population office, deployable on their own (profile ``register``).

What may come in: regions, persons, families and their cards, marriages, births with their certificates, the
commands that change them, and fiction to fill them (synthetic people). What may not: anything a hall does. A
hall reaches this room only through the exchange; the only room above that imports it is ``entrypoints``.
"""
