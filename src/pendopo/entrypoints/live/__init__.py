"""The live process: server-sent events for sessions of the cabinet, and nothing else.

``hub`` follows sessions and gathers viewers, ``listener`` hears the database, ``server`` speaks HTTP. Nobody
signs in here: a short ticket from the web process says who may follow what (``pendopo.cabinet.tickets``).
"""
