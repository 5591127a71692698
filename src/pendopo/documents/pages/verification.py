"""Is this document genuine? Anybody who holds it may ask: by its QR, by typing its code, or with the file."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from pendopo.agencies import api as agencies
from pendopo.documents import codes, queries
from pendopo.documents.actions.check import check
from pendopo.documents.cleaning import MEGABYTE, MOST_MEGABYTES
from pendopo.documents.values import Verification
from pendopo.foundation import crypto
from pendopo.foundation.http import (
    Audience,
    access,
    actor_of,
    client_address,
    language_of,
    redirect_to,
)
from pendopo.foundation.limits import rate_limit
from pendopo.foundation.pages import render
from pendopo.foundation.text import t

REASON = "whoever holds a document may check it; the code is random and the holder masked"
TRIES, SECONDS = 30, 60


def _limit(request: HttpRequest) -> None:
    rate_limit("documents.verify", key=client_address(request), limit=TRIES, seconds=SECONDS)


@access(Audience.PUBLIC, reason=REASON)
def form(request: HttpRequest) -> HttpResponse:
    """Ask for a code, and lead to its page."""
    if request.method != "POST":
        return render(request, "documents/verify.html", {"errors": {}, "code": ""})
    _limit(request)
    typed = request.POST.get("code", "").strip()
    code = codes.parse(typed)
    if code is None:
        key = "documents.verify.code_missing" if not typed else "documents.verify.code_wrong"
        errors = {"code": t(key, language_of(request))}
        return render(request, "documents/verify.html", {"errors": errors, "code": typed[:64]}, status=422)
    return redirect_to("documents:verification", code=code)


@access(Audience.PUBLIC, reason=REASON)
def file(request: HttpRequest) -> HttpResponse:
    """Take a PDF, compare its fingerprint with what was issued, and forget it."""
    if request.method != "POST":
        return redirect_to("documents:verify")
    _limit(request)
    upload = request.FILES.get("document")
    problem = _problem(upload)
    if problem or not isinstance(upload, UploadedFile):
        errors = {
            "document": t(
                problem or "documents.verify.file_missing", language_of(request), megabytes=MOST_MEGABYTES
            )
        }
        return render(request, "documents/verify.html", {"errors": errors, "code": ""}, status=422)
    code = queries.by_content(crypto.fingerprint(upload.read()))
    if code is None:
        return render(request, "documents/other_file.html", {})
    return redirect_to("documents:verification", {"file": "same"}, code=code)


def _problem(upload: object) -> str | None:
    if not isinstance(upload, UploadedFile) or not upload.size:
        return "documents.verify.file_missing"
    if upload.size > MOST_MEGABYTES * MEGABYTE:
        return "documents.verify.file_too_large"
    return None


@access(Audience.PUBLIC, reason=REASON)
def result(request: HttpRequest, code: str) -> HttpResponse:
    """Tell whether the document is valid, superseded, revoked or unknown."""
    _limit(request)
    found = check(code, actor=actor_of(request))
    if found.status != "unknown" and found.code != code:
        return redirect_to("documents:verification", code=found.code)
    context = {
        "found": found,
        "body": _body(found, language_of(request)),
        "grouped": codes.grouped(found.code),
        "replacement": codes.grouped(found.replaced_by),
        "reason": queries.reason_text(found.reason, language_of(request)),
        "same_file": request.GET.get("file") == "same",
    }
    response = render(request, "documents/verification.html", context, status=_status(found))
    # The address is a key to the page: keep it out of caches, search engines and other sites' logs.
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"  # none at all would refuse the forms of this page
    return response


def _status(found: Verification) -> int:
    return 404 if found.status == "unknown" else 200


def _body(found: Verification, language: str) -> str:
    if found.status == "unknown":
        return ""
    body = agencies.body_by_code(found.body_code)
    return body.name_en if language == "en" else body.name_id
