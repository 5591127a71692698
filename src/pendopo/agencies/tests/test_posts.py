"""Bodies, units and posts: who may found, appoint and see."""

import argparse
import json
from uuid import UUID

import pytest

from pendopo.agencies import api, cli, demo
from pendopo.agencies.api import Permission
from pendopo.foundation.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from pendopo.foundation.models import AuditRow, OutboxEvent
from pendopo.kernel.errors import Forbidden
from pendopo.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def dukcapil() -> api.Body:
    return api.create_body("dukcapil", name_id="Dukcapil", name_en="Population Office", actor=SYSTEM)


@pytest.fixture
def dinsos() -> api.Body:
    return api.create_body("dinsos", name_id="Dinas Sosial", name_en="Social Affairs", actor=SYSTEM)


def officer(body: api.Body, *permissions: str) -> Actor:
    return Actor(
        ActorKind.OFFICER, uuid7(), 3, body_id=body.id, post_id=uuid7(), permissions=frozenset(permissions)
    )


def appoint(
    body: api.Body, actor: Actor = SYSTEM, *permissions: str, subject: UUID | None = None
) -> api.Post:
    return api.appoint(
        subject or uuid7(),
        body=body,
        title_id="Petugas",
        title_en="Officer",
        permissions=permissions,
        actor=actor,
    )


def test_a_post_gives_its_permissions_until_it_ends(dukcapil: api.Body) -> None:
    post = appoint(dukcapil, SYSTEM, Permission.CASE_READ)
    assert [held.permissions for held in api.posts_of(post.subject_id)] == [frozenset({"casework:case:read"})]
    api.end_post(post.id, actor=SYSTEM)
    api.end_post(post.id, actor=SYSTEM)
    assert api.posts_of(post.subject_id) == []
    assert api.posts_by_id([post.id])[post.id].title("en") == "Officer"
    assert AuditRow.objects.filter(event="agencies.post_ended").count() == 1
    assert set(OutboxEvent.objects.values_list("topic", flat=True)) == {
        "agencies.post_appointed",
        "agencies.post_ended",
    }


def test_unknown_permissions_are_refused(dukcapil: api.Body) -> None:
    with pytest.raises(api.UnknownPermission):
        appoint(dukcapil, SYSTEM, "casework:case:everything")


def test_nobody_hands_out_more_than_she_has_nor_to_herself(dukcapil: api.Body) -> None:
    manager = officer(dukcapil, Permission.BODY_MANAGE, Permission.CASE_READ)
    assert appoint(dukcapil, manager, Permission.CASE_READ).body_code == "dukcapil"
    with pytest.raises(Forbidden):
        appoint(dukcapil, manager, Permission.CASE_DECIDE)
    with pytest.raises(Forbidden):
        appoint(dukcapil, manager, Permission.CASE_READ, subject=manager.subject_id)


def test_the_hall_manager_staffs_any_body(dukcapil: api.Body, dinsos: api.Body) -> None:
    manager = officer(dinsos, Permission.HALL_MANAGE)
    assert appoint(dukcapil, manager, Permission.CASE_DECIDE).permissions == {"casework:case:decide"}
    with pytest.raises(Forbidden):
        appoint(dukcapil, manager, Permission.CASE_READ, subject=manager.subject_id)


@pytest.mark.parametrize("permissions", [(), ("casework:case:read",)])
def test_without_managing_a_body_nobody_appoints(dukcapil: api.Body, permissions: tuple[str, ...]) -> None:
    for actor in (officer(dukcapil, *permissions), ANONYMOUS):
        with pytest.raises(Forbidden):
            appoint(dukcapil, actor)


def test_a_foreign_officer_sees_and_ends_nothing(dukcapil: api.Body, dinsos: api.Body) -> None:
    post = appoint(dukcapil)
    foreign = officer(dinsos, Permission.BODY_MANAGE)
    assert api.posts_visible_to(foreign) == []
    with pytest.raises(api.UnknownPost):
        api.end_post(post.id, actor=foreign)
    colleague = officer(dukcapil)
    assert [seen.id for seen in api.posts_visible_to(colleague)] == [post.id]
    with pytest.raises(Forbidden):
        api.end_post(post.id, actor=colleague)
    with pytest.raises(Forbidden):
        api.create_unit(dukcapil, "loket", name_id="Loket", name_en="Counter", actor=foreign)


def test_a_person_sees_her_own_posts_and_a_stranger_none(dukcapil: api.Body) -> None:
    post = appoint(dukcapil)
    appoint(dukcapil)
    assert [seen.id for seen in api.posts_visible_to(Actor(ActorKind.PERSON, post.subject_id))] == [post.id]
    assert api.posts_visible_to(ANONYMOUS) == []


def test_a_unit_belongs_to_its_body(dukcapil: api.Body, dinsos: api.Body) -> None:
    unit = api.create_unit(dukcapil, "loket", name_id="Loket", name_en="Counter", actor=SYSTEM)
    with pytest.raises(api.UnknownUnit):
        api.appoint(uuid7(), body=dinsos, unit=unit, title_id="X", title_en="X", permissions=(), actor=SYSTEM)
    assert api.unit_by_code(dukcapil.id, "loket") == unit
    with pytest.raises(api.UnknownUnit):
        api.unit_by_code(dinsos.id, "loket")


@pytest.mark.parametrize("code", ["", "x", "Dukcapil", "a b", "-a", "a--b", "a/b", "x" * 49])
def test_codes_are_plain(code: str) -> None:
    with pytest.raises(api.InvalidCode):
        api.create_body(code, name_id="X", name_en="X", actor=SYSTEM)


def test_a_code_or_member_is_taken_once(dukcapil: api.Body) -> None:
    with pytest.raises(api.CodeTaken):
        api.create_body("dukcapil", name_id="X", name_en="X", actor=SYSTEM)
    api.create_body("a-body", name_id="X", name_en="X", actor=SYSTEM, member_id="ID/GOV/A")
    with pytest.raises(api.CodeTaken):
        api.create_body("b-body", name_id="X", name_en="X", actor=SYSTEM, member_id="ID/GOV/A")


def test_only_the_hall_manager_founds_bodies(dukcapil: api.Body) -> None:
    with pytest.raises(Forbidden):
        api.create_body("new", name_id="X", name_en="X", actor=officer(dukcapil, Permission.BODY_MANAGE))
    made = api.create_body("new", name_id="X", name_en="X", actor=officer(dukcapil, Permission.HALL_MANAGE))
    assert api.body(made.id) == api.body_by_code("new")


def test_unknown_bodies_are_told(db: None) -> None:
    with pytest.raises(api.UnknownBody):
        api.body_by_code("none")
    with pytest.raises(api.UnknownBody):
        api.body_by_member("ID/X/Y")
    with pytest.raises(api.UnknownBody):
        api.body(uuid7())


def test_the_demo_is_entered_once(capsys: pytest.CaptureFixture[str]) -> None:
    demo.seed()
    before = AuditRow.objects.count()
    assert [body.code for body in demo.seed()] == ["pemda-contoh", "dukcapil", "dinsos"]
    assert AuditRow.objects.count() == before
    assert api.body_by_member("ID-DEMO/GOV/DUKCAPIL-CONTOH").name("en").startswith("Population")
    cli._print(api.bodies(), as_json=True)
    assert {entry["code"] for entry in json.loads(capsys.readouterr().out)} == {
        "pemda-contoh",
        "dukcapil",
        "dinsos",
    }


def test_a_body_that_is_there_is_no_obstacle_when_asked_so(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    words = ["agencies", "create-body", "pemda-lain", "--name-id", "Lain", "--name-en", "Other"]
    for arguments in ([*words], [*words, "--if-absent"]):
        options = parser.parse_args(arguments)
        assert options.run(options) == 0
        assert "pemda-lain" in capsys.readouterr().out
    options = parser.parse_args([*words, "--if-absent", "--member", "ID/GOV/ANOTHER"])
    with pytest.raises(api.CodeTaken):
        options.run(options)
