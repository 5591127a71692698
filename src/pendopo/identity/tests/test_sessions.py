"""Sessions, the middleware that holds views to what they state, step-up, and forms that outlive a session."""

import datetime as dt
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from pendopo.agencies import api as agencies
from pendopo.foundation.actor import SYSTEM, Actor, ActorKind
from pendopo.foundation.clock import now
from pendopo.foundation.http import Audience, access, actor_of
from pendopo.foundation.settings import current
from pendopo.identity import api, cookies, models, queries, testing
from pendopo.identity.actions.sessions import SignIn, choose_post, end_session, open_session
from pendopo.identity.cookies import Cookie
from pendopo.identity.errors import NoPost
from pendopo.identity.jobs import sweep
from pendopo.identity.pages.ways import safe_page
from pendopo.identity.records import SubjectView

HTML = {"accept": "text/html"}


def showing() -> Callable[[HttpRequest], HttpResponse]:
    """Return a fresh view: what it states is kept on the function."""

    def show(request: HttpRequest) -> HttpResponse:
        actor = actor_of(request)
        return HttpResponse(f"{actor.kind.value} {sorted(actor.permissions)}")

    return show


def form(request: HttpRequest) -> HttpResponse:
    found = api.take_parked(request)
    return HttpResponse(repr(dict(found.fields)) if found else "empty")


public = access(Audience.PUBLIC, reason="a test")(showing())
person = access(Audience.PERSON, assurance=1)(showing())
strong = access(Audience.PERSON, assurance=2)(showing())
officer = access(Audience.OFFICER)(showing())
reader = access(Audience.OFFICER, permission="casework:case:read")(showing())

urlpatterns = [
    path("t/public/", public),
    path("t/unstated/", showing()),
    path("t/person/", person),
    path("t/strong/", strong),
    path("t/officer/", officer),
    path("t/reader/", reader),
    path("t/form/", access(Audience.PERSON)(form)),
    path("", include(settings.ROOT_URLCONF)),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def browser() -> Client:
    return Client(headers=HTML)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


def signed_in(subject: SubjectView, *, authentication: int = 2) -> Client:
    client = Client(headers=HTML)
    testing.sign_in(client, subject.id, authentication=authentication)
    return client


def test_a_view_that_states_nothing_is_denied_to_everybody(sari: SubjectView, browser: Client) -> None:
    assert browser.get("/t/unstated/").status_code == 403
    assert signed_in(sari).get("/t/unstated/").status_code == 403


def test_a_stranger_is_sent_to_sign_in_and_back(browser: Client) -> None:
    response = browser.get("/t/person/?page=2")
    assert response.status_code == 303
    parts = urlsplit(response["Location"])
    assert parts.path == "/sign-in/"
    assert parse_qs(parts.query) == {"next": ["/t/person/?page=2"]}


def test_in_english_the_way_stays_english(browser: Client) -> None:
    response = browser.get("/en/t/person/")
    assert response["Location"] == "/en/sign-in/?next=%2Fen%2Ft%2Fperson%2F"


def test_a_program_gets_a_problem_document_instead(db: None) -> None:
    response = Client(headers={"accept": "application/json"}).get("/t/person/")
    assert response.status_code == 401
    assert response.json()["code"] == "identity.not-signed-in"


def test_a_person_sees_personal_pages_and_no_officers(sari: SubjectView) -> None:
    client = signed_in(sari)
    assert client.get("/t/person/").content == b"person []"
    assert client.get("/t/public/").content == b"person []"
    assert client.get("/t/officer/").status_code == 403


def test_an_officer_wears_the_post_only_where_officers_work(sari: SubjectView) -> None:
    post = testing.a_post(sari.id, "casework:case:read")
    client = signed_in(sari)
    assert models.Session.objects.get().post_id == post.id
    assert client.get("/t/officer/").content == b"officer ['casework:case:read']"
    assert client.get("/t/reader/").status_code == 200
    assert client.get("/t/person/").content == b"person []"


def test_a_post_without_the_permission_is_refused(sari: SubjectView) -> None:
    testing.a_post(sari.id, "casework:case:verify")
    assert signed_in(sari).get("/t/reader/").status_code == 403


def test_with_several_posts_the_officer_chooses(sari: SubjectView) -> None:
    testing.a_post(sari.id, "casework:case:read")
    other = testing.a_post(sari.id, "casework:case:verify", body="dinsos")
    client = signed_in(sari)
    asked = client.get("/t/officer/")
    assert asked["Location"] == "/sign-in/post/?next=%2Ft%2Fofficer%2F"
    page = client.get(asked["Location"])
    assert page.content.decode().count('type="radio"') == 2
    assert client.post("/sign-in/post/", {"next": "/t/officer/"}).status_code == 422
    done = client.post("/sign-in/post/", {"post": str(other.id), "next": "/t/officer/"})
    assert done["Location"] == "/t/officer/"
    assert client.get("/t/officer/").content == b"officer ['casework:case:verify']"


def test_nobody_chooses_another_persons_post(sari: SubjectView) -> None:
    budi = testing.a_person(testing.a_nik(2), "Budi Santoso")
    foreign = testing.a_post(budi.id, "casework:case:decide")
    session = testing.sign_in(Client(), sari.id)
    with pytest.raises(NoPost):
        choose_post(session.id, foreign.id, actor=Actor(ActorKind.PERSON, sari.id))


def test_an_ended_post_ends_its_permissions_at_once(sari: SubjectView) -> None:
    post = testing.a_post(sari.id, "casework:case:read")
    client = signed_in(sari)
    assert client.get("/t/reader/").status_code == 200
    agencies.end_post(post.id, actor=SYSTEM)
    assert client.get("/t/reader/").status_code == 403


def test_too_weak_a_sign_in_is_asked_to_step_up(sari: SubjectView) -> None:
    client = signed_in(sari, authentication=1)
    assert client.get("/t/person/").status_code == 200
    asked = client.get("/t/strong/")
    assert asked["Location"] == "/sign-in/?next=%2Ft%2Fstrong%2F&level=2"
    begun = client.get(asked["Location"])
    query = parse_qs(urlsplit(begun["Location"]).query)
    assert query["acr_values"] == ["urn:pendopo:assurance:id0:au2"]


def test_idle_and_old_sessions_are_over(sari: SubjectView, clock: time_machine.Traveller) -> None:
    client = signed_in(sari)
    clock.shift(dt.timedelta(minutes=44))
    assert client.get("/t/person/").status_code == 200
    clock.shift(dt.timedelta(minutes=44))
    assert client.get("/t/person/").status_code == 200
    clock.shift(dt.timedelta(minutes=46))
    assert client.get("/t/person/").status_code == 303
    client = signed_in(sari)
    for _ in range(28):
        clock.shift(dt.timedelta(minutes=25))
        assert client.get("/t/person/").status_code == 200
    clock.shift(dt.timedelta(minutes=25))
    assert client.get("/t/person/").status_code == 303


def test_a_token_from_outside_is_never_adopted(sari: SubjectView, browser: Client) -> None:
    browser.cookies[cookies.name_of(Cookie.HALL)] = "fixed-by-an-attacker"
    assert browser.get("/t/person/").status_code == 303
    made = SignIn(sari.id, 2, ("pop",), now())
    token = open_session(made, replaces="fixed-by-an-attacker")
    assert token != "fixed-by-an-attacker"
    assert browser.get("/t/person/").status_code == 303


def test_stepping_up_gives_a_new_token_and_ends_the_old(sari: SubjectView) -> None:
    made = SignIn(sari.id, 1, ("pwd",), now())
    first = open_session(made)
    open_session(SignIn(sari.id, 2, ("pop",), now()), replaces=first)
    old = Client(headers=HTML)
    old.cookies[cookies.name_of(Cookie.HALL)] = first
    assert old.get("/t/person/").status_code == 303


def test_tokens_are_not_kept(sari: SubjectView) -> None:
    token = open_session(SignIn(sari.id, 2, (), now()))
    assert token.encode() not in bytes(models.Session.objects.get().token_digest)
    assert len(token) == 43


def test_signing_out_ends_the_session_and_leads_to_the_provider(sari: SubjectView) -> None:
    client = signed_in(sari)
    assert client.get("/sign-out/").status_code == 200
    response = client.post("/sign-out/")
    assert urlsplit(response["Location"]).path == "/id/end-session"
    assert client.get("/t/person/").status_code == 303
    assert models.Session.objects.get().ended_at is not None


def test_i_can_end_my_other_browsers_and_nobody_elses(sari: SubjectView) -> None:
    client = signed_in(sari)
    other = testing.sign_in(Client(), sari.id)
    budi = testing.a_person(testing.a_nik(2), "Budi Santoso")
    foreign = testing.sign_in(Client(), budi.id)
    for session in (other, foreign):
        client.post(f"/my/security/session/{session.id}/end/")
    assert len(queries.live_sessions(sari.id)) == 1
    assert len(queries.live_sessions(budi.id)) == 1
    assert end_session(foreign.id, actor=Actor(ActorKind.PERSON, sari.id)) is None


def test_ending_a_session_ends_the_providers_and_its_siblings(sari: SubjectView) -> None:
    origin = models.ProviderSession.objects.create(
        subject_id=sari.id,
        token_digest=b"x" * 32,
        authentication=2,
        authenticated_at=now(),
        last_seen_at=now(),
        expires_at=now() + dt.timedelta(hours=1),
    )
    made = SignIn(sari.id, 2, (), now(), provider_session=origin.id)
    open_session(made)
    open_session(made)
    first = models.Session.objects.first()
    assert first is not None
    end_session(first.id, actor=Actor(ActorKind.PERSON, sari.id))
    assert not queries.live_sessions(sari.id).exists()
    origin.refresh_from_db()
    assert origin.ended_at is not None


def type_into(client: Client, **fields: str) -> None:
    response = client.post("/t/form/", fields)
    assert response["Location"] == "/sign-in/?next=%2Ft%2Fform%2F"


def test_what_was_typed_into_a_dead_session_is_there_again(
    sari: SubjectView, clock: time_machine.Traveller
) -> None:
    client = signed_in(sari)
    clock.shift(dt.timedelta(hours=1))
    type_into(client, child_name="Bintang Pratama", password="not this", nik="3314")
    assert "Bintang" not in repr(list(models.ParkedForm.objects.values_list()))
    testing.sign_in(client, sari.id)
    assert client.get("/t/form/").content.decode() == "{'child_name': ('Bintang Pratama',)}"
    assert client.get("/t/form/").content == b"empty"


def test_another_person_in_the_same_browser_sees_nothing(
    sari: SubjectView, clock: time_machine.Traveller
) -> None:
    client = signed_in(sari)
    clock.shift(dt.timedelta(hours=1))
    type_into(client, child_name="Bintang Pratama")
    testing.sign_in(client, testing.a_person(testing.a_nik(2), "Budi Santoso").id)
    assert client.get("/t/form/").content == b"empty"
    assert not models.ParkedForm.objects.exists()


def test_a_stranger_parks_nothing(browser: Client) -> None:
    type_into(browser, child_name="Bintang Pratama")
    assert not models.ParkedForm.objects.exists()


def test_a_parked_form_waits_for_its_own_page_and_not_for_ever(
    sari: SubjectView, clock: time_machine.Traveller
) -> None:
    client = signed_in(sari)
    clock.shift(dt.timedelta(hours=1))
    type_into(client, child_name="Bintang Pratama")
    testing.sign_in(client, sari.id)
    assert client.get("/t/person/").status_code == 200
    clock.shift(dt.timedelta(minutes=31))
    assert client.get("/t/form/").content == b"empty"


def test_too_much_is_not_parked(sari: SubjectView, clock: time_machine.Traveller) -> None:
    client = signed_in(sari)
    clock.shift(dt.timedelta(hours=1))
    type_into(client, child_name="x" * 70_000)
    assert not models.ParkedForm.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\/evil.example",
        "javascript:alert(1)",
        "evil",
        "/a\nb",
        "/" + "x" * 3000,
        "",
        " /x",
        "///evil.example",
    ],
)
def test_a_foreign_way_back_is_dropped(given: str) -> None:
    assert safe_page(given) == ""


@pytest.mark.parametrize("given", ["/", "/en/my/cases/?page=2", "/apply/x/#y"])
def test_a_page_of_ours_is_kept(given: str) -> None:
    assert safe_page(given) == given


def test_who_is_signed_in_already_goes_straight_there_and_only_here(sari: SubjectView) -> None:
    client = signed_in(sari)
    assert client.get("/sign-in/?next=/t/person/")["Location"] == "/t/person/"
    assert not client.get("/sign-in/?next=https://evil.example/")["Location"].startswith("http")


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_carry_the_instance_and_are_closed(monkeypatch: pytest.MonkeyPatch, secure: bool) -> None:
    monkeypatch.setenv("PENDOPO_BASE_URL", "https://hall.example.id" if secure else "http://localhost")
    current.cache_clear()
    response = HttpResponse()
    cookies.put(response, Cookie.HALL, "x", seconds=60)
    made = response.cookies[cookies.name_of(Cookie.HALL)]
    monkeypatch.undo()
    current.cache_clear()
    assert made.key == f"{'__Host-' if secure else ''}pendopo_{current().instance}_hall"
    assert made["httponly"]
    assert made["samesite"] == "Lax"
    assert made["path"] == "/"
    assert bool(made["secure"]) is secure


def test_what_has_expired_is_swept(sari: SubjectView, clock: time_machine.Traveller) -> None:
    testing.sign_in(Client(), sari.id)
    clock.shift(dt.timedelta(days=2))
    assert sweep() == 1
    assert models.Subject.objects.exists()


def test_the_middleware_survives_a_nonsense_cookie(browser: Client) -> None:
    browser.cookies[cookies.name_of(Cookie.HALL)] = "\x00" * 5000
    assert browser.get("/t/public/").content == b"anonymous []"
