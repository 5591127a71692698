"""A line on every page of a classified paper: its class, who opened it and when.

It tells where a copy came from; it does not prevent one. A PDF gets the line as text on each page, a picture
gets it in a band below. Other kinds of file are handed on as they are.
"""

import io

import pikepdf
from PIL import Image, ImageDraw, ImageFont

MARGIN = 14.0
SIZE = 8
BAND = 30
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"


def marked(data: bytes, media_type: str, line: str) -> bytes:
    """Return a copy of a paper with ``line`` on every page."""
    if media_type == PDF:
        return _pdf(data, line)
    if media_type in {PNG, JPEG}:
        return _picture(data, media_type, line)
    return data


def _pdf(data: bytes, line: str) -> bytes:
    written = (
        line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    )
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        font = file.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        for page in file.pages:
            name = page.add_resource(font, pikepdf.Name.Font)
            left, low = (float(value) for value in list(page.mediabox)[:2])
            place = b"%.2f %.2f" % (left + MARGIN, low + MARGIN)
            page.contents_add(b"q", prepend=True)
            page.contents_add(
                b"Q q /Artifact BMC BT 0.55 0 0 rg %s %d Tf %s Td (%s) Tj ET EMC Q"
                % (str(name).encode(), SIZE, place, written)
            )
        file.save(made, deterministic_id=True)
    return made.getvalue()


def _picture(data: bytes, media_type: str, line: str) -> bytes:
    made = io.BytesIO()
    with Image.open(io.BytesIO(data)) as opened:
        drawn = Image.new("RGB", (opened.width, opened.height + BAND), "white")
        drawn.paste(opened.convert("RGB"), (0, 0))
    ImageDraw.Draw(drawn).text(
        (MARGIN / 2, drawn.height - BAND + MARGIN / 2), line, fill="#8c0000", font=ImageFont.load_default(12)
    )
    drawn.save(made, "PNG" if media_type == PNG else "JPEG")
    return made.getvalue()
