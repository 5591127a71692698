"""PDFs are written anew without anything that acts: scripts, launches, forms that send, attachments, media.

A PDF that carries a signature and nothing active is kept as it is, because writing it anew would break the
proof that it brings.
"""

import io
from collections.abc import Iterator

import pikepdf

from pendopo.documents.cleaning import MOST_PAGES
from pendopo.documents.errors import BrokenFile, LockedFile, TooManyPages

DEEPEST = 40
# Keys whose value acts by itself, or holds other files (ISO 32000-2 §12.6, §7.11.4, §12.7.8, §13).
ACTIVE_KEYS = frozenset(
    {
        "/AA",
        "/JS",
        "/JavaScript",
        "/OpenAction",
        "/Launch",
        "/EmbeddedFiles",
        "/EmbeddedFile",
        "/XFA",
        "/EF",
        "/RichMedia",
    }
)
HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named"})
ACTIVE_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})


def rebuild(data: bytes) -> bytes:
    """Return the document without active content; raises ``LockedFile``, ``BrokenFile``, ``TooManyPages``."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            return _rebuilt(document, data)
    except pikepdf.PasswordError as error:
        raise LockedFile from error
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError) as error:
        raise BrokenFile from error


def _rebuilt(document: pikepdf.Pdf, data: bytes) -> bytes:
    if document.is_encrypted:
        raise LockedFile
    if not document.pages:
        raise BrokenFile
    if len(document.pages) > MOST_PAGES:
        raise TooManyPages(pages=MOST_PAGES)
    removed = sum(_strip(holder) for holder in _dictionaries(document)) + _strip_annotations(document)
    if removed == 0 and _is_signed(document):
        return data
    if "/AcroForm" in document.Root:
        del document.Root["/AcroForm"]
    if "/Metadata" in document.Root:
        del document.Root["/Metadata"]
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    if "/Size" not in document.trailer:  # recovered; without it qpdf writes a file that no reader opens
        document.trailer["/Size"] = len(document.objects) + 1
    out = io.BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _is_signed(document: pikepdf.Pdf) -> bool:
    form = document.Root.get("/AcroForm")
    return isinstance(form, pikepdf.Dictionary) and int(form.get("/SigFlags", 0)) & 1 == 1


def _dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    yield from _below(document.Root, 0)
    for item in document.objects:
        yield from _below(item, 0)


def _below(item: pikepdf.Object, depth: int) -> Iterator[pikepdf.Object]:
    """Yield a dictionary, stream or array and those written inside it; indirect ones come by themselves."""
    if depth > DEEPEST:
        raise BrokenFile
    if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        yield item
        children = [item.get(key) for key in list(item.keys())]
    elif isinstance(item, pikepdf.Array):
        children = [item[at] for at in range(len(item))]
    else:
        return
    for child in children:
        if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect:
            yield from _below(child, depth + 1)


def _strip(holder: pikepdf.Object) -> int:
    removed = 0
    for key in list(holder.keys()):
        if key in ACTIVE_KEYS or (key in {"/A", "/Next", "/PA"} and _acts(holder.get(key))):
            del holder[key]
            removed += 1
    return removed


def _acts(action: object) -> bool:
    if isinstance(action, pikepdf.Array):
        return any(_acts(action[at]) for at in range(len(action)))
    if not isinstance(action, pikepdf.Dictionary) or "/S" not in action:
        return False
    return str(action.get("/S")) not in HARMLESS_ACTIONS


def _strip_annotations(document: pikepdf.Pdf) -> int:
    removed = 0
    for page in document.pages:
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            continue
        kept = [item for item in list(annotations) if str(item.get("/Subtype")) not in ACTIVE_ANNOTATIONS]
        if len(kept) != len(annotations):
            removed += len(annotations) - len(kept)
            page.obj["/Annots"] = pikepdf.Array(kept)
    return removed
