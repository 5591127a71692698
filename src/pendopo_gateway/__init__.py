"""The data plane of the exchange: one process, one gateway of one member.

Information systems speak X-Road REST (r1) to their own gateway on the loopback; gateways speak to each
other over mutual TLS 1.3 with signed messages (``pendopo_wire.signatures``). A gateway

- believes only the signed registry snapshot: members, certificates, keys, agreements;
- refuses what no agreement permits, on both sides;
- writes the signed question durably before it leaves, and the signed answer before it is released;
- writes a signed access record of each look at personal data into the same durable log.

What may come in: transport, the message log, and what the r1 protocol asks. What may not: Django, the
rooms of the hall (only ``pendopo.kernel``), the payload's meaning. Run: ``python -m pendopo_gateway
--config FILE.toml``; the file is described in ``config``.
"""
