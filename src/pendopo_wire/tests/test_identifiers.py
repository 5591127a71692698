"""Identifiers and request targets at their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pendopo_wire.errors import IdentifierError, TargetError
from pendopo_wire.identifiers import MemberId, ServerId, ServiceId, SubsystemId
from pendopo_wire.paths import Endpoint, Target

SERVICE = "ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN/population-v1"


def test_identifiers_read_and_write() -> None:
    service = ServiceId.parse(SERVICE)
    assert str(service) == SERVICE
    assert str(service.subsystem) == "ID-DEMO/GOV/DUKCAPIL-CONTOH/KEPENDUDUKAN"
    assert service.subsystem.member == MemberId.parse("ID-DEMO/GOV/DUKCAPIL-CONTOH")
    assert ServerId.parse("ID-DEMO/GOV/DUKCAPIL-CONTOH/GW1").member == service.subsystem.member
    assert not service.is_metaservice
    assert ServiceId.parse("A/B/C/D/listMethods").is_metaservice


def test_each_part_is_encoded_on_its_own() -> None:
    identifier = SubsystemId.parse("EE/GOV/Amet%C3%BC/osa'(1)+2,=?".replace("?", "%3F"))
    assert identifier.member.member_code == "Ametü"
    assert identifier.code == "osa'(1)+2,=?"
    assert SubsystemId.parse(str(identifier)) == identifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A/B",
        "A/B/C/D/E",
        "A//C/D",
        "A/B/C/..",
        "A/B/C/.",
        "A/B/C/%2e%2e",
        "A/B/C/a%2Fb",
        "A/B/C/a b",
        "A/B/C/a_b",
        "A/B/C/%ff",
        "A/B/C/a:b",
        "A/B/C/a\n",
        "A/B/C/" + "x" * 256,
    ],
)
def test_what_is_no_subsystem(text: str) -> None:
    with pytest.raises(IdentifierError):
        SubsystemId.parse(text)


def test_a_target_is_split_and_written_canonically() -> None:
    target = Target.parse(f"/r1/{SERVICE}/persons/%7Eani%20b/?x=1&y=%2F")
    assert str(target.service) == SERVICE
    assert target.segments == ("persons", "~ani b", "")
    assert target.below_service == "/persons/~ani%20b/?x=1&y=%2F"
    assert str(Target.parse(str(target))) == str(target)
    assert Target.parse(f"/r1/{SERVICE}").below_service == ""


@pytest.mark.parametrize(
    "tail",
    [
        "/../x",
        "/a/..",
        "/./a",
        "/%2e%2e/x",
        "/%2E./x",
        "/..;a/x",
        "/a%2Fb",
        "/a%5Cb",
        "/a\\b",
        "/a//b",
        "/a%00b",
        "/a%0d%0ab",
        "/a#b",
        "/%252e%252e/x",
        "/a%25",
        "/a%zz",
        "/a%",
        "/%ff",
        "/ a",
        "/é",
        "/a%7Fb",
        "/a\tb",
    ],
)
def test_traversal_and_its_disguises_are_refused(tail: str) -> None:
    if tail == "/a%25":
        assert Target.parse(f"/r1/{SERVICE}{tail}").segments == ("a%",)
        return
    with pytest.raises(TargetError):
        Target.parse(f"/r1/{SERVICE}{tail}")


@pytest.mark.parametrize(
    "raw",
    [
        "/r1/A/B/C/D",
        "/r2/A/B/C/D/E",
        "r1/A/B/C/D/E",
        "http://h/r1/A/B/C/D/E",
        "/r1/A/B/C/../E",
        "/r1//B/C/D/E",
        "/r1/A/B/C/D/E" + "x" * 8000,
        "/r1/A/B/C/D/",
    ],
)
def test_what_is_no_target(raw: str) -> None:
    with pytest.raises(TargetError):
        Target.parse(raw)


@given(st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_a_target_that_passes_is_stable(segments: list[str]) -> None:
    from urllib.parse import quote

    raw = f"/r1/{SERVICE}" + "".join(
        "/" + quote(segment, safe="", errors="surrogatepass") for segment in segments
    )
    try:
        target = Target.parse(raw)
    except TargetError:
        return
    again = Target.parse(str(target))
    assert again == target
    assert ".." not in target.segments


@pytest.mark.parametrize(
    ("pattern", "method", "path", "expected"),
    [
        (("GET", "/persons"), "GET", "/persons", True),
        (("GET", "/persons"), "POST", "/persons", False),
        (("*", "/persons"), "POST", "/persons", True),
        (("GET", "/persons"), "GET", "/persons/", False),
        (("GET", "/persons/"), "GET", "/persons/", True),
        (("GET", "/persons/*"), "GET", "/persons/1", True),
        (("GET", "/persons/*"), "GET", "/persons/", False),
        (("GET", "/persons/*"), "GET", "/persons/1/2", False),
        (("GET", "/persons/*/photo"), "GET", "/persons/1/photo", True),
        (("GET", "/**"), "GET", "/a/b/c", True),
        (("GET", "/**"), "GET", "", True),
        (("GET", "/a/**"), "GET", "/b", False),
        (("GET", "/"), "GET", "", True),
        (("GET", "/Persons"), "GET", "/persons", False),
    ],
)
def test_endpoint_patterns(pattern: tuple[str, str], method: str, path: str, expected: bool) -> None:
    target = Target.parse(f"/r1/{SERVICE}{path}")
    assert Endpoint.checked(*pattern).matches(method, target.segments) is expected


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/a"), ("GET", "a"), ("GET", "/**/a"), ("GET", "/a//b"), ("GET", "/../a"), ("", "/a")],
)
def test_patterns_that_could_never_match_are_refused(method: str, path: str) -> None:
    with pytest.raises(TargetError):
        Endpoint.checked(method, path)
