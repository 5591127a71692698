"""The quick evaluation of a form says what the explained one says, on every story that the services tell."""

from typing import override

import pytest

from pendopo.catalogue.definition.expressions import Scope
from pendopo.catalogue.definition.load import load_folder
from pendopo.catalogue.definition.scenarios import Scenario
from pendopo.catalogue.form import interpret as interpretation
from pendopo.catalogue.form.resolve import Resolver
from pendopo.catalogue.proofs.scenarios import facts_of
from pendopo.foundation.settings import current
from pendopo.rules.api import Value, explain

SERVICE = load_folder(current().definitions_dir / "services" / "dukcapil" / "akta-kelahiran")
STORIES = [(scenario.name, scenario) for _, scenario in SERVICE.scenarios if scenario.expect is not None]


class Explaining(Resolver):
    """Reads everything first and evaluates step by step, each time anew."""

    @override
    def evaluate(self, source: str, scope: Scope = None, index: int | None = None) -> Value:
        expression = self.service.expression(source, scope)
        read = self._reader(scope, index)
        inputs = {path: value for path in expression.reads | {"today"} if (value := read(path)) is not None}
        return explain(expression, inputs).value


@pytest.mark.parametrize(("name", "story"), STORIES)
def test_a_story_comes_out_the_same(name: str, story: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = facts_of(SERVICE, story)
    quick = interpretation.interpret(SERVICE, facts)
    monkeypatch.setattr(interpretation, "Resolver", Explaining)
    assert quick == interpretation.interpret(SERVICE, facts)
    assert interpretation.warnings(SERVICE, facts) == interpretation.warnings(SERVICE, facts)


@pytest.mark.parametrize(("name", "story"), STORIES)
def test_a_single_page_is_what_it_is_in_the_whole(name: str, story: Scenario) -> None:
    facts = facts_of(SERVICE, story)
    whole = interpretation.interpret(SERVICE, facts)
    keys = {page.id for page in SERVICE.pages.pages} | {page.key for page in whole.pages} | {"children.9"}
    assert {key: interpretation.page_of(SERVICE, facts, key) for key in keys} == {
        key: whole.page(key) for key in keys
    }
