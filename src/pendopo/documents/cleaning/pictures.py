"""Pictures are decoded and encoded anew: metadata, trailing bytes, broken chunks do not survive that."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from pendopo.documents.cleaning import MOST_MEGAPIXELS
from pendopo.documents.errors import BrokenFile, PictureTooLarge

PIXELS = 1_000_000
QUALITY = 88


def rebuild(data: bytes, media_type: str) -> bytes:
    """Return the same picture, upright, in the same format, without anything else in the file."""
    kind = "PNG" if media_type == "image/png" else "JPEG"
    try:
        with Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            if picture.width * picture.height > MOST_MEGAPIXELS * PIXELS:
                raise PictureTooLarge(megapixels=MOST_MEGAPIXELS)
            upright = ImageOps.exif_transpose(picture)
            return _encoded(upright.convert(_mode(upright.mode, kind)), kind)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise BrokenFile from error


def _mode(mode: str, kind: str) -> str:
    if mode in {"L", "1", "I;16", "I"}:
        return "L"
    return "RGBA" if kind == "PNG" and mode in {"RGBA", "LA", "P", "PA"} else "RGB"


def _encoded(picture: Image.Image, kind: str) -> bytes:
    # A fresh picture carries pixels only; copying would carry EXIF, ICC profiles and text chunks along.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if kind == "JPEG":
        bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    else:
        bare.save(out, "PNG", optimize=True)
    return out.getvalue()
