"""A paper that the mother holds before the camera: a real one-page PDF, made here from nothing."""


def birth_letter(child: str, mother: str, born: str) -> bytes:
    """Return a clinic's letter of birth as PDF 1.4 with one standard font; says CONTOH on its face."""
    lines = [
        "SURAT KETERANGAN LAHIR (CONTOH)",
        "Puskesmas Contoh, Kabupaten Contoh",
        f"Telah lahir seorang anak pada {born}",
        f"Nama anak: {child}",
        f"Nama ibu: {mother}",
        "Penolong kelahiran: bidan",
    ]
    return _document(_page_content(lines))


def _page_content(lines: list[str]) -> bytes:
    shown = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
    return f"BT /F1 14 Tf 22 TL 72 760 Td {shown} ET".encode("latin-1", "replace")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _document(content: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    document, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    document += b"".join(b"%010d 00000 n \n" % place for place in places)
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(document)
