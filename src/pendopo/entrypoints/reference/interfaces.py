"""REST interfaces for machines: each room's OpenAPI document as its own code tells it."""

import importlib
import json
from pathlib import Path

from django.apps import apps
from ninja import NinjaAPI

from pendopo.entrypoints.reference.rooms import TOLD_BY_CODE, table

HEAD = f"""# REST interfaces

{TOLD_BY_CODE}
The OpenAPI documents lie beside this page. What a hall asks of a register goes through the exchange, never
to these addresses directly; [routes](routes.md) says who may call what.
"""


def pages() -> dict[str, str]:
    """Return the overview and one OpenAPI document an interface."""
    found = _interfaces()
    files = {f"docs/reference/openapi/{name}.json": _document(api) for name, api in found.items()}
    rows = [
        (f"[{api.title} {api.version}](openapi/{name}.json)", ", ".join(f"`{path}`" for path in _paths(api)))
        for name, api in found.items()
    ]
    return {"docs/reference/rest.md": f"{HEAD}\n{table(('interface', 'paths'), rows)}", **files}


def _interfaces() -> dict[str, NinjaAPI]:
    found: dict[str, NinjaAPI] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("pendopo.") and (Path(config.path) / "rest").is_dir():
            for file in sorted((Path(config.path) / "rest").glob("*.py")):
                module = importlib.import_module(f"{config.name}.rest.{file.stem}")
                apis = (one for one in vars(module).values() if isinstance(one, NinjaAPI))
                found |= {one.urls_namespace: one for one in apis}
    return dict(sorted(found.items()))


def _document(api: NinjaAPI) -> str:
    return json.dumps(api.get_openapi_schema(), default=str, indent=2, ensure_ascii=False) + "\n"


def _paths(api: NinjaAPI) -> list[str]:
    return list(api.get_openapi_schema()["paths"])
