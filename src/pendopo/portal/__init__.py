"""portal: the person's pages that join two or more rooms.

Home, my cases, my documents, my data, who looked at my data, and the pages about the hall itself. What may
come in: pages and the small values they are made of. No tables: whatever is remembered belongs to the room
whose noun it is. A page about one room's nouns lives in that room.
"""
