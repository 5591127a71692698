"""Bodies that are too large are refused unread."""

import io

from django.test import RequestFactory

from pendopo.foundation.middleware import MEGABYTE, MOST_MEGABYTES, BodyLimitMiddleware


class Unreadable(io.RawIOBase):
    """A body that must not be read."""


def answer(length: str) -> int:
    def reached(_request: object) -> object:
        from django.http import HttpResponse

        return HttpResponse(status=204)

    request = RequestFactory().post("/", HTTP_ACCEPT="application/json")
    request.META |= {"CONTENT_LENGTH": length, "wsgi.input": Unreadable()}
    return BodyLimitMiddleware(reached)(request).status_code  # type: ignore[arg-type]  # a handler for the test


def test_a_body_within_the_limit_goes_on() -> None:
    assert answer(str(MOST_MEGABYTES * MEGABYTE)) == 204
    assert answer("") == 204


def test_a_larger_body_is_refused_unread() -> None:
    assert answer(str(MOST_MEGABYTES * MEGABYTE + 1)) == 413


def test_a_length_that_is_no_number_is_refused() -> None:
    assert answer("-5") == 413
    assert answer("many") == 413
