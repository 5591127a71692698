"""A session as plain JSON: the minutes with all their fields, as this room keeps them."""

import json

from pendopo.cabinet.minutes import Content


def document(content: Content, version: int) -> bytes:
    """Return the JSON document; ``format`` says how to read it and changes when the fields do."""
    stored = {"format": "pendopo-cabinet-session/1", "version": version, **content.model_dump(mode="json")}
    return json.dumps(stored, ensure_ascii=False, indent=1, sort_keys=True).encode()
