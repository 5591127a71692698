"""What a definition says about one application: pages, values, evidence and faults. Pure functions.

Everything here takes a Service and Facts and gives frozen views; nothing is stored, looked up or rendered.
"""
