"""Control plane of data exchange, and the hall's clients for the registers of other bodies.

What may come in: who takes part (members, servers, subsystems, services), what was agreed (agreements,
purposes with their legal bases), the signed registry snapshot that gateways obey, the typed clients that ask
another body through the hall's own gateway, and the puller that brings signed access records to the ledger.

What may not: sockets between gateways (``pendopo_gateway``), wire formats (``pendopo_wire``), and anything a
register does behind its door (``pendopo.registers``).
"""
