"""A vote with everything that counting it again takes, as one JSON file for somebody outside.

``docs/tutorial/recount.py`` reads it with Python's standard library alone. Offices stand in it, no names of
people; the log's entry names the person who wrote the decision by an id that means nothing outside.
"""

import json
from dataclasses import asdict

from pendopo.cabinet.records.recount import Recount

FORMAT = "pendopo-cabinet-recount/1"


def document(view: Recount) -> bytes:
    """Return the file; ``decision`` is None while the log has no place for the decision's entry."""
    proof = view.proof
    stored = {
        "format": FORMAT,
        "session": view.session_id,
        "poll": view.poll,
        "papers": view.papers,
        "body": view.body,
        "number": view.number,
        "title": view.title,
        "question": view.question,
        "counted": None if view.counted is None else asdict(view.counted),
        "result": view.result.value if view.result else None,
        "ballots": [
            {
                "seat": one.seat,
                "office": one.office,
                "statement": one.statement,
                "signature": one.evidence,
            }
            for one in view.ballots
        ],
        "decision": None
        if proof is None or proof.salt is None or proof.record is None
        else {
            "record": dict(proof.record),
            "salt": proof.salt.hex(),
            "leaf_index": proof.leaf_index,
            "tree_size": proof.size,
            "path": [step.hex() for step in proof.path],
            "checkpoint": proof.checkpoint,
        },
    }
    return json.dumps(stored, ensure_ascii=False, indent=1).encode()
