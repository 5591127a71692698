"""Signing keys of this deployment: made here, encrypted at rest, used here, never handed to another process.

What may come in: the life of keys (make, certify, rotate, retire), JSON Web Key Sets, certificate requests
and installed chains, and the escrow of the root key. What may not: what a key is used *for*; tokens,
documents, checkpoints and registry snapshots belong to the rooms that sign them.
"""
