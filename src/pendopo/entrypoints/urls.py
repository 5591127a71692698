"""The addresses of this profile: each installed room brings its own."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from pendopo.foundation.health import livez, readyz

handler404 = "pendopo.entrypoints.failures.not_found"
handler500 = "pendopo.entrypoints.failures.server_error"

urlpatterns: list[URLPattern | URLResolver] = [path("livez", livez, name="livez"), path("readyz", readyz, name="readyz")]

for config in apps.get_app_configs():
    for module in (f"{config.name}.pages.urls", f"{config.name}.rest.urls"):
        if config.name.startswith("pendopo.") and find_spec(module.rpartition(".")[0]) and find_spec(module):
            urlpatterns.append(path("", include(module)))
