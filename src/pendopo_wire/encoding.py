"""Base64 in its one spelling: padding present, unused bits zero, no other characters.

A lenient decoder reads several texts as the same bytes; then a signature or a root could be written in
more than one way and still be good.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from pendopo_wire.errors import WireError


def decoded_base64(text: str, error: type[WireError]) -> bytes:
    """Bytes of a base64 text, or ``error`` when it is not their one spelling."""
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError) as cause:
        raise error("not base64") from cause
    if b64encode(data).decode() != text:
        raise error("not base64 in its one spelling")
    return data
