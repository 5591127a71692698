"""Whole tasks against the real processes: two deployments, two gateways, worker, mail server.

The processes are started once for the whole run, in a state folder of their own, and stopped at its end.
"""
