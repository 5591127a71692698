"""The table of contents in ``zensical.toml``: every page of ``docs`` stands in it, by section and name."""

from pathlib import Path

from pendopo.entrypoints.places import CHECKOUT

SECTIONS = {
    "Tutorials": "tutorial",
    "How-to": "how-to",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decisions": "decisions",
    "Operations": "operations",
    "Runbooks": "runbooks",
    "Policy": "policy",
}
BEGIN = "# pages: written by ./pendopo docs reference\n"
END = "# end of pages\n"


def configuration(checkout: Path = CHECKOUT) -> str:
    """Return the configuration with its table of contents brought up to date."""
    text = (checkout / "zensical.toml").read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + _contents(checkout / "docs") + END + rest.partition(END)[2]


def _contents(docs: Path) -> str:
    alone = [_entry(path.stem.capitalize(), [path.name]) for path in sorted(docs.glob("*.md"), key=_order)]
    parts = [_section(docs, title, folder) for title, folder in SECTIONS.items()]
    return f"nav = [\n{''.join(alone[:1])}{''.join(parts)}{''.join(alone[1:])}]\n"


def _section(docs: Path, title: str, folder: str) -> str:
    pages = [str(path.relative_to(docs)) for path in sorted((docs / folder).rglob("*.md"), key=_order)]
    if not pages:
        return ""
    listed = "".join(f'    "{page}",\n' for page in pages)
    return f'  {{ "{title}" = [\n{listed}  ] }},\n'


def _entry(title: str, pages: list[str]) -> str:
    return f'  {{ "{"Welcome" if title == "Index" else title}" = "{pages[0]}" }},\n'


def _order(path: Path) -> tuple[bool, str]:
    """An index comes first, the rest by name."""
    return (path.name != "index.md", path.as_posix())
