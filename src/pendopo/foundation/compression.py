"""Pages travel compressed, unless a stranger's page may have asked for them to learn from their length.

A compressed answer's length tells how well a guess in the address matches a secret in the page (BREACH,
2013). The attack needs a browser that sends somebody's cookies with requests that another site makes. So an
answer to a request with cookies is compressed only where the browser says that the hall itself or the person
made it (``Sec-Fetch-Site``, Fetch Metadata); and every compressed answer ends its header with a random number
of random bytes, as Django does, which blurs the length for whoever else can watch the line.

Not checked: whether a page holds a secret at all. Downloads and other types are left as they are.
"""

from typing import override

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PAGE = "text/html"
OWN = frozenset({"same-origin", "none"})
"""Asked for by a page of the hall, or by the person: typed, from a bookmark, from a letter's QR code."""


class PageCompression(GZipMiddleware):
    """Compress HTML for those who may have it compressed."""

    @override
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress, or hand on as it is."""
        if not response.get("Content-Type", "").startswith(PAGE) or not is_own(request):
            return response
        return super().process_response(request, response)


def is_own(request: HttpRequest) -> bool:
    """Whether no other site can have made this request with somebody's cookies."""
    return not request.COOKIES or request.headers.get("Sec-Fetch-Site") in OWN
