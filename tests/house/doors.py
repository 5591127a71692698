"""Import contract: one room enters another by its door only.

A room's door is its ``api`` (and ``events``); open rooms may be entered anywhere; the composition root may
enter everywhere. Tests keep to the same rule towards other rooms, and may also use their builders
(``testing``).
"""

from typing import override

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class DoorsContract(Contract):
    """Compares ``<root>.<room>.<file>`` on both sides of every import."""

    root: str = fields.StringField()  # type: ignore[assignment]  # replaced by its value on load
    doors: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]  # same
    test_doors: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]  # same
    open_rooms: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]  # same
    free_importers: set[str] = fields.SetField(subfield=fields.StringField())  # type: ignore[assignment]  # same

    @override
    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Collect every import that enters another room past its door."""
        found = [
            (importer, imported)
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._passes_by(importer.split("."), imported.split("."))
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    @override
    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one sentence for each import."""
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} may not import {imported}: enter by the room's api")

    def _passes_by(self, importer: list[str], imported: list[str]) -> bool:
        if importer[0] != self.root or imported[0] != self.root or len(imported) < 2:
            return False
        room, entered = importer[1] if len(importer) > 1 else "", imported[1]
        if room == entered or room in self.free_importers or entered in self.open_rooms:
            return False
        doors = self.doors | self.test_doors if {"tests", "testing"} & set(importer) else self.doors
        return len(imported) < 3 or imported[2] not in doors
