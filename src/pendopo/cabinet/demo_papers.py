"""Small papers for the demonstration: a PDF with a heading and wrapped paragraphs, set in Helvetica."""

import io
import textwrap
from collections.abc import Sequence

import pikepdf
from pikepdf import Dictionary, Name

A4 = (595, 842)
LEFT, TOP = 64, 770
HEADING, BODY, LEADING = 16, 11, 16
COLUMNS = 84
HEADING_COLUMNS = 50


def typeset(heading: str, paragraphs: Sequence[str], foot: str) -> bytes:
    """Return a one-page PDF; the caller keeps the text short enough for a page."""
    file = pikepdf.new()
    page = file.add_blank_page(page_size=A4)
    page.Contents = file.make_stream(_content(heading, paragraphs, foot))
    page.Resources = Dictionary(Font=Dictionary(B=_font("Helvetica-Bold"), R=_font("Helvetica")))
    file.Root.Lang = "id"
    with file.open_metadata() as metadata:
        metadata["dc:title"] = heading
    made = io.BytesIO()
    file.save(made, deterministic_id=True)
    return made.getvalue()


def _font(name: str) -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding
    )


def _content(heading: str, paragraphs: Sequence[str], foot: str) -> bytes:
    lines = [b"BT /B %d Tf %d TL %d %d Td" % (HEADING, HEADING + 6, LEFT, TOP)]
    lines += [_shown(line) for line in textwrap.wrap(heading, HEADING_COLUMNS)]
    lines.append(b"/R %d Tf %d TL T*" % (BODY, LEADING))
    for paragraph in paragraphs:
        lines += [_shown(line) for line in textwrap.wrap(paragraph, COLUMNS)]
        lines.append(b"T*")
    lines.append(b"ET BT /R 8 Tf %d 48 Td %s ET" % (LEFT, _shown(foot)))
    return b"\n".join(lines)


def _shown(line: str) -> bytes:
    plain = (
        line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    )
    return b"(%s) Tj T*" % plain
