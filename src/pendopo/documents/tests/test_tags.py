"""A sealed and stamped certificate read aloud: tags, titles, languages and order (ISO 14289-1, PDF/UA-1)."""

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import pytest

from pendopo.agencies.api import Body
from pendopo.documents import api
from pendopo.documents.tests.builders import NUMBER, issue
from pendopo.documents.tests.test_stamping import at_once, authority, port, stamped, tsa
from pendopo.foundation.testing.timestamps import Tsa

__all__ = ("at_once", "authority", "port", "tsa")

DRAWN = {"Tj", "TJ", "'", '"', "f", "f*", "F", "S", "s", "B", "B*", "b", "b*", "sh", "Do"}
SAME_LINE = 3.0
"""Points: baselines of one line that differ by less are the same line."""


@dataclass(slots=True)
class Seen:
    """What a page shows: where each tagged piece begins (in points), its language, what has no tag."""

    places: dict[int, tuple[float, float]] = field(default_factory=dict)
    languages: dict[int, str] = field(default_factory=dict)
    untagged: int = 0


def seen_on(page: pikepdf.Page) -> Seen:
    """Walk through the content as a viewer does."""
    seen, matrix = Seen(), pikepdf.Matrix()
    saved: list[pikepdf.Matrix] = []
    marks: list[tuple[str, Any]] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands = list(instruction.operands)
        match str(instruction.operator):
            case "q":
                saved.append(matrix)
            case "Q":
                matrix = saved.pop()
            case "cm":
                matrix = pikepdf.Matrix(*(float(one) for one in operands)) @ matrix
            case "BMC" | "BDC":
                marks.append((str(operands[0]), operands[1] if len(operands) > 1 else {}))
            case "EMC":
                marks.pop()
            case shown if shown in DRAWN:
                _note(seen, matrix, marks)
            case _:
                """Colours, fonts and the like draw nothing."""
    return seen


def _note(seen: Seen, matrix: pikepdf.Matrix, marks: list[tuple[str, Any]]) -> None:
    tag, told = marks[-1] if marks else ("", {})
    if "/MCID" in told:
        number = int(told["/MCID"])
        seen.places.setdefault(number, (float(matrix.e), float(matrix.f)))
        if "/Lang" in told:
            seen.languages[number] = str(told["/Lang"])
    elif tag != "/Artifact":
        seen.untagged += 1


def read_aloud(node: Any) -> Iterator[int]:  # pikepdf's objects
    """Yield the tagged pieces in the order of the tree: what a screen reader reads."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from read_aloud(child)
    elif isinstance(node, pikepdf.Dictionary):
        if node.get("/Type") == "/MCR":
            yield int(node["/MCID"])
        elif "/K" in node:
            yield from read_aloud(node["/K"])
    else:
        yield int(node)


def elements(node: Any) -> Iterator[pikepdf.Object]:  # pikepdf's objects
    """Yield every element of the tree."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def out_of_order(order: list[int], seen: Seen) -> list[tuple[int, int]]:
    """Return neighbours of which the second stands neither below the first nor to its right."""
    return [
        (one, other)
        for one, other in itertools.pairwise(order)
        if seen.places[other][1] > seen.places[one][1] + SAME_LINE
        and seen.places[other][0] <= seen.places[one][0]
    ]


@pytest.fixture(params=["sealed", "stamped"])
def paper(request: pytest.FixtureRequest, sealed_office: Body, tsa: Tsa) -> Iterator[pikepdf.Pdf]:
    document = issue()
    content = stamped(document)[1] if request.param == "stamped" else api.read_document(document.id)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert ("/DSS" in pdf.Root) == (request.param == "stamped")
        yield pdf


def test_the_file_says_that_it_is_tagged_its_language_and_its_title(paper: pikepdf.Pdf) -> None:
    assert bool(paper.Root.MarkInfo.Marked)
    assert str(paper.Root.Lang) == "id"
    assert bool(paper.Root.ViewerPreferences.DisplayDocTitle)
    assert NUMBER in str(paper.docinfo["/Title"])
    with paper.open_metadata() as told:
        assert NUMBER in told["dc:title"]
        assert told["pdfuaid:part"] == "1"


def test_every_piece_that_is_shown_is_read_once_and_nothing_else(paper: pikepdf.Pdf) -> None:
    seen = seen_on(paper.pages[0])
    assert seen.untagged == 0
    assert sorted(read_aloud(paper.Root.StructTreeRoot)) == sorted(seen.places)


def test_it_is_read_in_the_order_in_which_it_is_seen(paper: pikepdf.Pdf) -> None:
    order, seen = list(read_aloud(paper.Root.StructTreeRoot)), seen_on(paper.pages[0])
    assert len(order) > 30
    assert out_of_order(order, seen) == []
    assert out_of_order(order[::-1], seen) != []


def test_it_has_one_title_and_words_for_every_picture(paper: pikepdf.Pdf) -> None:
    kinds = [one for one in elements(paper.Root.StructTreeRoot) if "/S" in one]
    assert sum(one["/S"] == "/H1" for one in kinds) == 1
    pictures = [one for one in kinds if one["/S"] == "/Figure"]
    assert pictures
    assert all("/verify/" in str(one["/Alt"]) for one in pictures)


def test_the_english_lines_say_that_they_are_english(paper: pikepdf.Pdf) -> None:
    languages = seen_on(paper.pages[0]).languages
    assert len([one for one in languages.values() if one == "en"]) > 10
