"""Finding a service by the words that people use.

Words are folded, synonyms replaced (``definitions/search/synonyms.yaml``: *akte* is *akta*, and *bikin* says
nothing), then PostgreSQL's Indonesian or English stemmer finds entries that share a word, and a trigram
likeness of our own forgives typing errors (so that no database extension is needed). Ranking: shared words,
then likeness.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, Value
from pydantic import Field

from pendopo.catalogue.definition import yaml_lines
from pendopo.catalogue.definition.base import LANGUAGES, Strict
from pendopo.catalogue.definition.load import validate
from pendopo.catalogue.definition.whole import Service
from pendopo.catalogue.errors import DefinitionInvalid
from pendopo.catalogue.models import SearchEntry, ServiceVersion

CONFIG: Final = {"id": "indonesian", "en": "english"}
LONGEST_QUERY: Final = 200
MOST_WORDS: Final = 12
ENOUGH_LIKENESS: Final = 0.45

_WORD: Final = re.compile(r"[a-z0-9]+")


class LanguageSynonyms(Strict):
    """``ignore`` are words that say nothing about which service; ``same`` maps a word to the one we use."""

    ignore: tuple[str, ...] = ()
    same: dict[str, str] = Field(default_factory=dict)


class SynonymsFile(Strict):
    """The whole of ``synonyms.yaml``."""

    id: LanguageSynonyms = LanguageSynonyms()
    en: LanguageSynonyms = LanguageSynonyms()

    def of(self, language: str) -> LanguageSynonyms:
        """The synonyms of one language."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Hit:
    """A service that fits, best first; ``score`` only orders."""

    agency: str
    code: str
    score: float


def read_synonyms(folder: Path) -> SynonymsFile:
    """Read the synonyms of a definitions folder; none when there is no file. Raises DefinitionInvalid."""
    path = folder / "search" / "synonyms.yaml"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else SynonymsFile()


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> SynonymsFile:
    document = yaml_lines.read("search/synonyms.yaml", path.read_text("utf-8"))
    found, faults = validate(document, SynonymsFile)
    if found is None or document.faults:
        raise DefinitionInvalid((*document.faults, *faults))
    return found


def words_of(text: str, synonyms: LanguageSynonyms) -> tuple[str, ...]:
    """Return the telling words of a query, folded and replaced, in order and without repeats."""
    words = _WORD.findall(_fold(text[:LONGEST_QUERY]))
    found = (synonyms.same.get(word, word) for word in words if word not in synonyms.ignore)
    return tuple(dict.fromkeys(word for phrase in found for word in phrase.split()))[:MOST_WORDS]


def _fold(text: str) -> str:
    """Return text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def index(row: ServiceVersion, service: Service, folder: Path) -> None:
    """Write the search entries of a version that became current, in the caller's transaction."""
    synonyms = read_synonyms(folder)
    SearchEntry.objects.filter(version__agency=row.agency, version__code=row.code).delete()
    for language in LANGUAGES:
        name = service.name(language)
        written = " ".join([name, *_search_words(service, language), service.text("service.lead", language)])
        words = " ".join(_vocabulary(written, synonyms.of(language)))
        SearchEntry.objects.create(
            version=row,
            language=language,
            name=name,
            words=words,
            vector=SearchVector(Value(name), weight="A", config=CONFIG[language])
            + SearchVector(Value(words), weight="B", config=CONFIG[language]),
        )


def _vocabulary(text: str, synonyms: LanguageSynonyms) -> tuple[str, ...]:
    """Return the words as written and as replaced, so that both are found."""
    replaced = [word for word in _WORD.findall(_fold(text)) for word in synonyms.same.get(word, word).split()]
    return tuple(dict.fromkeys([*_WORD.findall(_fold(text)), *replaced]))


def _search_words(service: Service, language: str) -> tuple[str, ...]:
    return service.identity.search.en if language == "en" else service.identity.search.id


def find(query: str, folder: Path) -> tuple[Hit, ...]:
    """Return services that fit a query in either language, best first; all words count, none is required.

    People type the word that they know, whatever the language of the page; a word that says nothing in one
    language is not looked for in the other.
    """
    synonyms = read_synonyms(folder)
    silent = tuple(word for language in LANGUAGES for word in synonyms.of(language).ignore)
    scores: dict[tuple[str, str], float] = {}
    for language in LANGUAGES:
        known = LanguageSynonyms(ignore=silent, same=synonyms.of(language).same)
        for name, score in _scores(words_of(query, known), language).items():
            scores[name] = max(score, scores.get(name, 0.0))
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Hit(agency, code, score) for (agency, code), score in ranked)


def _scores(words: tuple[str, ...], language: str) -> dict[tuple[str, str], float]:
    """Return what each service scores in one language: shared words and likeness together."""
    scores: dict[tuple[str, str], float] = {}
    if words:
        for agency, code, score in (*_by_words(words, language), *_by_likeness(words, language)):
            scores[agency, code] = scores.get((agency, code), 0.0) + score
    return scores


def _by_words(words: tuple[str, ...], language: str) -> Iterator[tuple[str, str, float]]:
    query = SearchQuery(words[0], config=CONFIG[language])
    for word in words[1:]:
        query |= SearchQuery(word, config=CONFIG[language])
    rows = (
        SearchEntry.objects.filter(language=language, version__current=True, vector=query)
        .annotate(rank=SearchRank(F("vector"), query))
        .values_list("version__agency", "version__code", "rank")
    )
    yield from ((agency, code, 1.0 + rank) for agency, code, rank in rows)


def _by_likeness(words: tuple[str, ...], language: str) -> Iterator[tuple[str, str, float]]:
    """Compare words letter by letter, for typing errors. Fine for hundreds of services; beyond, an index."""
    rows = SearchEntry.objects.filter(language=language, version__current=True)
    for agency, code, name, known in rows.values_list("version__agency", "version__code", "name", "words"):
        vocabulary = set(_WORD.findall(f"{name} {known}".casefold()))
        best = [max((likeness(word, other) for other in vocabulary), default=0.0) for word in words]
        score = sum(value for value in best if value >= ENOUGH_LIKENESS) / len(words)
        if score > 0:
            yield agency, code, score


def likeness(one: str, two: str) -> float:
    """Return the share of trigrams that two words have in common, 0 to 1 (as pg_trgm counts them)."""
    first, second = _trigrams(one), _trigrams(two)
    return len(first & second) / len(first | second)


def _trigrams(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))
