"""The bodies of the demo hall, from a text file; entering them twice changes nothing."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from pendopo.agencies import api
from pendopo.foundation.actor import SYSTEM

_FILE = Path(__file__).with_name("data") / "demo.yaml"


class _Unit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name_id: str
    name_en: str


class _Body(_Unit):
    member_id: str | None
    units: tuple[_Unit, ...]


def seed() -> list[api.Body]:
    """Enter the demo bodies and units that are not there yet; return all of them."""
    wanted = TypeAdapter(list[_Body]).validate_python(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return [_ensure(entry) for entry in wanted]


def _ensure(entry: _Body) -> api.Body:
    try:
        body = api.body_by_code(entry.code)
    except api.UnknownBody:
        body = api.create_body(
            entry.code, name_id=entry.name_id, name_en=entry.name_en, member_id=entry.member_id, actor=SYSTEM
        )
    known = {unit.code for unit in api.units_of(body.id)}
    for unit in entry.units:
        if unit.code not in known:
            api.create_unit(body, unit.code, name_id=unit.name_id, name_en=unit.name_en, actor=SYSTEM)
    return body
