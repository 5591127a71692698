"""Faults: processes killed, power lost, offices down, disks full; counted by a client that stands outside.

``docs/explanation/faults.md`` says what is proved by them and what is not.
"""
