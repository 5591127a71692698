"""``service.yaml``: identity, law, fee, the 14 components, and what comes out."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pendopo.catalogue.definition.base import Code, Component, Identifier, Reference, Source, Strict


class Law(Strict):
    """A legal basis. ``verified`` means that somebody read this in the legal text itself.

    ``articles`` is free text (``Pasal 27 ayat (1)``); the name of the law is ``laws.<id>`` in the texts.
    """

    id: Code
    citation: Annotated[str, StringConstraints(min_length=3)]
    articles: str = ""
    verified: bool


class Fee(Strict):
    """What the applicant pays, in whole rupiah, and the law that says so."""

    amount: Annotated[int, Field(ge=0, le=2**63 - 1)]
    basis: Code
    verified: bool


class Standard(Strict):
    """One component of the service standard. Its text is ``standard.<component>`` in the text files."""

    verified: bool
    basis: tuple[Code, ...] = ()


class Output(Strict):
    """A document that the service issues.

    ``template`` is a Typst file of this folder. ``per`` names a repeat group when one document is made for
    each of its items. ``reads`` are the answers that the document shows beside what the register returned.
    """

    id: Identifier
    template: Annotated[str, StringConstraints(pattern=r"^outputs/[a-z0-9-]+\.typ$")]
    per: Identifier | None = None
    reads: tuple[Reference, ...] = ()
    sealed: bool = True


class SearchWords(Strict):
    """Words that people use for this service and that its visible text does not contain."""

    id: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class ServiceFile(Strict):
    """The whole of ``service.yaml``."""

    format: Literal[1]
    agency: Code
    code: Code
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    life_events: tuple[Code, ...] = ()
    channels: Annotated[tuple[Literal["web", "counter", "van"], ...], Field(min_length=1)]
    assurance: Annotated[int, Field(ge=0, le=3)]
    """Level of assurance that signing in must have reached to start."""
    minutes: Annotated[int, Field(ge=1, le=240)]
    """How long filling in takes, as stated to people."""
    laws: Annotated[tuple[Law, ...], Field(min_length=1)]
    fee: Fee
    standard: dict[Component, Standard]
    outputs: tuple[Output, ...] = ()
    search: SearchWords = SearchWords()
    start_when: Source = "true"
