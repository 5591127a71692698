"""Tell the walk: run its steps one after another, each with a sentence and its time."""

import time
from collections.abc import Callable
from pathlib import Path

import yaml

from pendopo.entrypoints.walk.authenticator import Authenticator
from pendopo.entrypoints.walk.browser import Browser
from pendopo.entrypoints.walk.journey import Journey, Narrator, Trail, WalkFailedError

type Step = Callable[[Trail], dict[str, object]]
STEPS: dict[str, Step] = {}
WIDTH = 96


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
        device = Authenticator(journey.base_url)
        trail = Trail(journey, journey.citizen("mother"), citizen, officer, counter, device)
        for name, step in STEPS.items():
            _take(name, step, trail, texts, narrator)
    narrator.say(f"\n{texts['end']}")
    for path in trail.outputs:
        narrator.say(f"  {path}")
    return trail.outputs


def _take(name: str, step: Step, trail: Trail, texts: dict[str, str], narrator: Narrator) -> None:
    start = time.monotonic()
    try:
        facts = step(trail)
    except WalkFailedError:
        raise
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
