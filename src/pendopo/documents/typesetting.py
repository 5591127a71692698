"""Certificates as PDF/A-2a and PDF/UA-1: template and data go in, tagged pages come out.

A template is a Typst file of the service definition; beside it, ``<output>.yaml`` names the kind of document
and the fields with their types. Only the fonts inside Typst are used, no network, no packages, no clock: the
time in the file is the time of issue, so the same input gives the same bytes.
"""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typst
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pendopo.documents import codes
from pendopo.documents.errors import DataDoesNotFit, TemplateUnusable
from pendopo.documents.values import CertificateData, FieldValue
from pendopo.foundation.settings import current

_NAME = re.compile(r"(cabinet|[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*)/[a-z0-9][a-z0-9-]*")

type FieldType = Literal["text", "date", "integer", "boolean", "text?", "date?", "integer?"]

_PYTHON: dict[str, type] = {"text": str, "date": dt.date, "integer": int, "boolean": bool}


class Title(BaseModel):
    """The kind of document, for people."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    en: str


class Manifest(BaseModel):
    """What stands beside a template: the kind of document, whose it is, and what it needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: Title
    holder: str
    fields: dict[str, FieldType]


@dataclass(frozen=True, slots=True)
class Template:
    """A template ready to be set. ``sha256`` covers both files, so that a document tells what made it."""

    name: str
    path: Path
    manifest: Manifest
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the hall adds to the data: code and address, the issuing body, the moment, the CONTOH mark."""

    code: str
    address: str
    body_name_id: str
    body_name_en: str
    region: str
    issued_at: dt.datetime
    specimen: bool


def template(name: str) -> Template:
    """Find ``<agency>/<service>/<output>`` or ``cabinet/<output>``; raises ``TemplateUnusable``."""
    if not _NAME.fullmatch(name):
        raise TemplateUnusable(template="?")
    *place, output = name.split("/")
    folder = current().definitions_dir.joinpath(
        *(place if len(place) == 1 else ["services", *place]), "outputs"
    )
    try:
        source = (folder / f"{output}.typ").read_bytes()
        listed = (folder / f"{output}.yaml").read_bytes()
        manifest = Manifest.model_validate(yaml.safe_load(listed))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise TemplateUnusable(template=name) from error
    if manifest.holder not in manifest.fields:
        raise TemplateUnusable(template=name)
    return Template(
        name, folder / f"{output}.typ", manifest, hashlib.sha256(source + b"\0" + listed).digest()
    )


def checked(manifest: Manifest, data: CertificateData) -> dict[str, FieldValue]:
    """Return the data that the manifest names; raises ``DataDoesNotFit`` for a missing or ill-typed field.

    Fields that the manifest does not name are left out: a certificate holds no more than its template shows.
    """
    return {name: _checked(name, kind, data.get(name)) for name, kind in manifest.fields.items()}


def _checked(name: str, kind: str, value: FieldValue) -> FieldValue:
    optional = kind.endswith("?")
    if value is None or value == "":
        if optional:
            return None
        raise DataDoesNotFit(field=name)
    # True is an int and a datetime is a date to Python, but not on paper.
    confused = isinstance(value, (bool, dt.datetime)) and kind != "boolean"
    if confused or not isinstance(value, _PYTHON[kind.removesuffix("?")]):
        raise DataDoesNotFit(field=name)
    return value


def typeset(chosen: Template, data: CertificateData, stamp: Stamp) -> bytes:
    """Return the PDF. The same template, data and stamp give the same bytes."""
    content = json.dumps(checked(chosen.manifest, data), default=dt.date.isoformat, ensure_ascii=False)
    inputs = {
        "data": content,
        "code": codes.grouped(stamp.code),
        "address": stamp.address,
        "qr": qr_svg(stamp.address),
        "body_id": stamp.body_name_id,
        "body_en": stamp.body_name_en,
        "region": stamp.region,
        "specimen": "yes" if stamp.specimen else "",
    }
    compiler = typst.Compiler(
        chosen.path, root=chosen.path.parent, ignore_system_fonts=True, sys_inputs=inputs
    )
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=stamp.issued_at)
    except typst.TypstError as error:
        raise TemplateUnusable(error.message, template=chosen.name) from error
    if not isinstance(pdf, bytes):
        raise TemplateUnusable(template=chosen.name)
    return pdf


def qr_svg(address: str) -> str:
    """Return the address as a QR code (ISO/IEC 18004, error correction M), one path, with its quiet zone."""
    import segno  # noqa: PLC0415  only issuing draws a code

    code = segno.make_qr(address, error="m", boost_error=False)
    return str(code.svg_inline(border=4, dark="#041225", omitsize=True))
