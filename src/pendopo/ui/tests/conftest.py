"""Renders pieces of templates as a page would, in both languages."""

from collections.abc import Callable

import pytest
from django.template import engines
from django.test import RequestFactory

from pendopo.foundation import pages
from pendopo.ui.tests.markup import Markup

type Render = Callable[..., Markup]


@pytest.fixture
def render() -> Render:
    """Return a function that renders template source below an import of the components."""

    def render_source(source: str, lang: str = "id", **context: object) -> Markup:
        request = RequestFactory().get("/")
        request.language = lang  # type: ignore[attr-defined]  # set by the language middleware
        environment = engines["jinja2"].env  # type: ignore[attr-defined]  # Jinja's own environment
        template = environment.from_string('{% import "ui/components.html" as ui with context %}' + source)
        return Markup.read(template.render({**pages.names(request), **context}))

    return render_source
