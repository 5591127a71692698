"""The same pictures on paper: with their own few colours, since a PDF knows no style sheet of ours."""

import re

SHEET = """
text { font-family: "Libertinus Serif", serif; font-size: 12px; fill: #041225 }
.pd-lines__axis { font-size: 11px; fill: #566070 }
.pd-lines__rule, .pd-radar__ring { fill: none; stroke: #e4dfd8; stroke-width: 1 }
.pd-lines__line { fill: none; stroke: #5b8fd0; stroke-width: 1.5 }
.pd-lines__0 .pd-lines__line { stroke: #083575; stroke-width: 2.5 }
.pd-spark .pd-lines__line { stroke: #083575 }
circle { fill: #5b8fd0 }
.pd-lines__0 circle, .pd-spark circle { fill: #083575 }
.pd-radar__own polygon { fill: #196bcd; fill-opacity: .22; stroke: #196bcd; stroke-width: 2 }
.pd-radar__own circle { fill: #196bcd }
.pd-radar__other polygon { fill: none; stroke: #7a4a23; stroke-width: 1.5; stroke-dasharray: 5 4 }
.pd-radar__other circle { fill: #7a4a23 }
.pd-strip__rest { fill: #faf8f5; stroke: #767e8a }
.pd-strip__own { fill: #196bcd }
.pd-strip__ground { fill: #e4dfd8 }
.pd-strip__span { fill: #5b8fd0 }
.pd-strip__mark { fill: #083575 }
"""
_HEAD = re.compile(r"<svg ")
_LABEL = re.compile(r' role="img" aria-label="[^"]*"')


def printed(picture: str) -> str:
    """Return a whole SVG file; what the picture shows is said by the document that holds it."""
    whole = _LABEL.sub("", _HEAD.sub('<svg xmlns="http://www.w3.org/2000/svg" ', picture, count=1), count=1)
    head, rest = whole.split(">", 1)
    return f"{head}><style>{SHEET}</style>{rest}"
