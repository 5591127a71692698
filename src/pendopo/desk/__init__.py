"""The officers' desk: pages that join cases, registers' answers and evidence into work.

What belongs here: the worklist, the case page and their pictures. What does not: any rule about cases
(``casework``); the desk only calls its door.
"""
