"""The bill of materials names everything that the locks pin, fits the published schema, and repeats."""

import importlib.resources
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from pendopo.entrypoints import locks, sbom
from pendopo.entrypoints.places import CHECKOUT

SCHEMAS = importlib.resources.files("cyclonedx.schema") / "_res"


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text())


def validator() -> jsonschema.Draft7Validator:
    """The schema of CycloneDX 1.6 as its own Python library ships it, with the two that it refers to."""
    others = {
        f"{name}.SNAPSHOT.schema.json": Resource.from_contents(schema(name)) for name in ("spdx", "jsf-0.82")
    }
    main = schema("bom-1.6")
    base = main["$id"].rpartition("/")[0]
    resources = [*others.items(), *((f"{base}/{name}", one) for name, one in others.items())]
    return jsonschema.Draft7Validator(main, registry=Registry().with_resources(resources))


def named(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (part["purl"].partition(":")[2].partition("/")[0], f"{part['name']}@{part['version']}")
        for part in document["components"]
    }


def test_the_document_is_cyclonedx_1_6() -> None:
    document = sbom.document()
    assert [error.message for error in validator().iter_errors(document)] == []
    assert document["specVersion"] == "1.6"


@pytest.mark.parametrize("field", ["bomFormat", "serialNumber", "components"])
def test_the_schema_refuses_what_is_none(field: str) -> None:
    broken = sbom.document() | {field: "something else"}
    assert any(validator().iter_errors(broken))


def test_every_pinned_package_is_named_with_all_its_hashes() -> None:
    """Counted here by other means than the writer's: a line that pins, a hash that it allows."""
    document: Any = sbom.document()
    pinned = set()
    hashes = 0
    for group in locks.SHIPPED:
        text = (CHECKOUT / "locks" / f"{group}.txt").read_text()
        pinned |= {
            ("pypi", f"{line.split('==')[0]}@{line.split('==')[1].split()[0]}")
            for line in text.splitlines()
            if not line.startswith(" ") and "==" in line
        }
        hashes += len(re.findall(r"sha256:", text))
    entries = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    pinned |= {
        ("npm", f"{path.split('node_modules/')[-1]}@{entry['version']}")
        for path, entry in entries.items()
        if path
    }
    assert named(document) == pinned
    told = {item["content"] for part in document["components"] for item in part["hashes"]}
    assert len(told) > 1000
    assert all(part["hashes"] for part in document["components"] if part["purl"].startswith("pkg:pypi"))
    assert hashes >= sum(
        len(part["hashes"]) for part in document["components"] if part["purl"].startswith("pkg:pypi")
    )


def test_a_package_that_is_in_no_document_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    for file in ("package.json", "package-lock.json"):
        (tmp_path / file).write_text((CHECKOUT / file).read_text())
    (tmp_path / "locks" / "runtime.txt").write_text("planted==1.0 \\\n    --hash=sha256:" + "a" * 64 + "\n")
    document: Any = sbom.document(tmp_path)
    assert ("pypi", "planted@1.0") in named(document)
    assert ("pypi", "planted@1.0") not in named(sbom.document())


def test_the_same_locks_give_the_same_bytes() -> None:
    assert json.dumps(sbom.document()) == json.dumps(sbom.document())


def test_every_package_that_is_installed_tells_its_licence() -> None:
    """What has none belongs to another platform, and says so."""
    document: Any = sbom.document()
    silent = [part for part in document["components"] if not part.get("licenses")]
    assert all(any(one["name"] == "pendopo:licence-unread" for one in part["properties"]) for part in silent)
    assert len(silent) < len(document["components"]) / 4


def test_what_is_only_for_development_is_marked_as_left_out() -> None:
    document: Any = sbom.document()
    excluded = {part["name"] for part in document["components"] if part["scope"] == "excluded"}
    assert excluded == {"axe-core"}
