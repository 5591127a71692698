"""Pages are compressed for their reader, never for a stranger's page, and never to a length that repeats."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from pendopo.foundation.compression import PageCompression

PAGE = b"<p>Kode aktivasi: WAYANG-KULIT-SEMAR</p>" * 40


def _asked(
    *, cookies: bool, site: str | None, accepted: str = "gzip, deflate", kind: str = "text/html"
) -> HttpResponse:
    headers = {"Accept-Encoding": accepted} | ({"Sec-Fetch-Site": site} if site else {})
    request = RequestFactory().get("/my/cases/", headers=headers)
    if cookies:
        request.COOKIES["pendopo_t_session"] = "x"

    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(PAGE, content_type=kind)

    answer = PageCompression(view)(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize(
    ("cookies", "site"), [(False, None), (False, "cross-site"), (True, "same-origin"), (True, "none")]
)
def test_a_page_is_compressed_for_its_reader(cookies: bool, site: str | None) -> None:
    answer = _asked(cookies=cookies, site=site)
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == PAGE
    assert "Accept-Encoding" in answer["Vary"]
    assert int(answer["Content-Length"]) == len(answer.content) < len(PAGE)


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "nonsense"])
def test_a_page_with_cookies_that_another_site_may_have_asked_for_is_not(site: str | None) -> None:
    answer = _asked(cookies=True, site=site)
    assert not answer.has_header("Content-Encoding")
    assert answer.content == PAGE


def test_files_and_readers_without_gzip_are_left_alone() -> None:
    assert not _asked(cookies=False, site=None, kind="application/pdf").has_header("Content-Encoding")
    assert not _asked(cookies=False, site=None, accepted="br").has_header("Content-Encoding")


def test_the_length_of_the_same_page_varies() -> None:
    lengths = {len(_asked(cookies=True, site="same-origin").content) for _ in range(40)}
    assert len(lengths) > 5  # of up to 101 lengths
