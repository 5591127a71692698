"""Formats that hall and gateway share, and nothing else: bytes in, frozen values out.

What may come in: encodings with a published specification that two processes must agree on to the
last byte. What may not: input or output, clocks, configuration, Django, any room of Pendopo. Time and
randomness are always parameters. The only third-party import is ``cryptography``.

- ``canonical``    RFC 8785 canonical JSON
- ``merkle``       RFC 9162 (and RFC 6962) Merkle trees and proofs
- ``note``         C2SP signed notes; ``checkpoint`` is the C2SP tlog-checkpoint inside one
- ``identifiers``  X-Road member, subsystem and service identifiers
- ``paths``        request targets: checked, canonical, matched against endpoint patterns
- ``signatures``   one fixed profile of RFC 9421 with RFC 9530 content digests
- ``snapshot``     the signed registry of the exchange
- ``access``       signed records of who looked at whose data
"""
