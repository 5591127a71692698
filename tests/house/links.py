"""Links of the documentation: each leads to a page that is there, and to a heading on it.

Code blocks and code spans are left out. Addresses on the network are not asked: the tests need no network.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

FENCE = re.compile(r"^( {0,3}(?:```|~~~)).*?^\1\s*$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)<>\s]+)>?(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
NETWORK = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is written, and the page that it stands on."""

    page: Path
    target: str


def links(page: Path) -> Iterator[Link]:
    """Yield every link and picture of a page that is not an address on the network."""
    text = SPAN.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
    for found in LINK.finditer(text):
        if not NETWORK.match(found[1]):
            yield Link(page, found[1])


def fault(link: Link, root: Path) -> str | None:
    """Say what is wrong with a link, or nothing. ``root`` is the folder that a link must not leave."""
    name, _, anchor = link.target.partition("#")
    path = (link.page.parent / unquote(name)).resolve() if name else link.page
    where = f"{link.page.name}: {link.target}"
    if not path.is_relative_to(root):
        return f"{where} leaves {root.name}/, so it is dead on the site"
    if not path.exists():
        return f"{where} leads nowhere"
    if anchor and path.suffix == ".md" and unquote(anchor) not in anchors(path):
        return f"{where}: no such heading"
    return None


def anchors(page: Path) -> set[str]:
    """Return the names of all headings, as the site and the usual hosts of repositories make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {_slug(heading[1]) for heading in HEADING.finditer(text)}


def _slug(heading: str) -> str:
    plain = LINK.sub("", heading).replace("`", "").replace("*", "")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
