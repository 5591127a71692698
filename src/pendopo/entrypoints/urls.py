"""The addresses of this profile: each installed room brings its own."""

from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from pendopo.foundation.health import livez, readyz

handler404 = "pendopo.entrypoints.failures.not_found"
handler500 = "pendopo.entrypoints.failures.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]

urlpatterns += [
    path("", include(f"{config.name}.{module}.urls"))
    for config in apps.get_app_configs()
    for module in ("pages", "rest")
    if config.name.startswith("pendopo.") and (Path(config.path) / module / "urls.py").is_file()
]
