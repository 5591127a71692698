"""Tell the walk: run its steps one after another, each with a sentence and its time."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from pendopo.entrypoints.walk.authenticator import Authenticator
from pendopo.entrypoints.walk.browser import Browser
from pendopo.entrypoints.walk.chapters import applying, office, papers, proofs, signing_in
from pendopo.entrypoints.walk.journey import Journey, Narrator, Trail, WalkFailedError

type Step = Callable[[Trail], dict[str, object]]

STEPS: dict[str, Step] = {
    "counter_signs_in": signing_in.counter_signs_in,
    "activated_at_the_counter": signing_in.activated_at_the_counter,
    "mother_makes_a_passkey": signing_in.mother_makes_a_passkey,
    "mother_signs_in": signing_in.mother_signs_in,
    "finds_the_service": applying.finds_the_service,
    "fills_in": applying.fills_in,
    "sends": applying.sends,
    "follows_without_signing_in": applying.follows_without_signing_in,
    "verified": office.verified,
    "foreign_officer_sees_nothing": office.foreign_officer_sees_nothing,
    "decided": office.decided,
    "registered_and_issued": papers.registered_and_issued,
    "downloads_the_certificate": papers.downloads_the_certificate,
    "anybody_checks_it": papers.anybody_checks_it,
    "told_inside_and_outside": papers.told_inside_and_outside,
    "sees_who_looked": proofs.sees_who_looked,
    "checks_a_proof": proofs.checks_a_proof,
    "verifies_the_log": proofs.verifies_the_log,
}
WIDTH = 96
DAYS_OLD = 5
CHILD = "Sekar Pendopo"


def walk(journey: Journey, narrator: Narrator) -> list[Path]:
    """Walk and return the outputs; raises ``WalkFailedError`` at the first step that does not end well."""
    texts = _texts(journey.language)
    narrator.say(f"\n{texts['title']}\n")
    language = journey.language
    with (
        Browser(journey.base_url, language) as citizen,
        Browser(journey.base_url, language) as officer,
        Browser(journey.base_url, language) as counter,
    ):
        trail = begin(journey, citizen, officer, counter)
        for name, step in STEPS.items():
            _take(name, step, trail, texts, narrator)
    narrator.say(f"\n{texts['end']}")
    for path in trail.outputs:
        narrator.say(f"  {path}")
    return trail.outputs


def begin(journey: Journey, citizen: Browser, officer: Browser, counter: Browser) -> Trail:
    """Return a trail on which nothing has been done yet, with the next mother and what she will answer."""
    mother = journey.next_mother()
    return Trail(
        journey,
        mother,
        citizen=citizen,
        officer=officer,
        counter=counter,
        device=Authenticator(journey.base_url),
        child=CHILD,
        born=(dt.datetime.now(dt.UTC).date() - dt.timedelta(days=DAYS_OLD)).isoformat(),
        answers={
            "relation": "mother",
            "kind": "one",
            "place_kind": "health-centre",
            "name": CHILD,
            "sex": "female",
            "birth_time": "07.15",
            "birth_order": str(mother.children + 1),
            "weight_grams": "3100",
            "length_cm": "49",
            "proof": "letter",
        },
    )


def _take(name: str, step: Step, trail: Trail, texts: dict[str, str], narrator: Narrator) -> None:
    start = time.monotonic()
    try:
        facts = step(trail)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise WalkFailedError(name, reason) from error
    spent = round((time.monotonic() - start) * 1000)
    narrator.times.append((name, spent))
    narrator.say(f"  {texts[name].format_map(facts):<{WIDTH}}{spent:>7} ms")


def _texts(language: str) -> dict[str, str]:
    file = Path(__file__).parent / "text" / f"{language}.yaml"
    loaded: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded
