"""Minutes and decisions as Akoma Ntoso 3.0 (OASIS LegalDocML), namespace of the final schema.

Minutes are a ``debate``: quorum and votes as ``quorumVerification`` and ``voting`` in the analysis,
attendance as ``rollCall``, each item as ``debateSection`` with its speeches and ballots. What was said is not
recorded word for word, so a speech holds its length only. An item with a written decision becomes an
``act``.
"""

import datetime as dt
from xml.etree import ElementTree as ET  # only written here, never parsed

from pendopo.cabinet.minutes import Content, Entry, Motion, Ruling, Speech, Stay
from pendopo.cabinet.values import Outcome, Presence
from pendopo.foundation.text import t

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
COUNTRY = "id"
LANGUAGE = "id"
SOURCE = "#body"

ET.register_namespace("", NAMESPACE)


def debate(content: Content, version: int) -> bytes:
    """Return the minutes as an XML document."""
    root, document = _document("debate", "risalah")
    work = f"/akn/{COUNTRY}/debateReport/{content.body}/{content.opened_at.date()}/{content.number}"
    meta = _meta(document, work, content.opened_at.date(), version)
    _analysis(meta, content)
    _references(meta, content)
    preface = _add(document, "preface")
    _text(preface, "p", f"{content.body_id}: {content.title_id}")
    body = _add(document, "debateBody")
    _roll_call(body, content)
    for place, entry in enumerate(content.entries, 1):
        _section(body, content, entry, place)
    if content.remarks:
        section = _add(body, "debateSection", name="remarks", eId="dbsect_remarks")
        _text(section, "p", content.remarks)
    return _bytes(root)


def act(content: Content, entry: Entry, ruling: Ruling) -> bytes:
    """Return a decision as an XML document."""
    root, document = _document("act", "keputusan")
    day = (entry.disposed_at or content.closed_at).date()
    number = ruling.number.replace("/", "-").lower()
    meta = _meta(document, f"/akn/{COUNTRY}/act/{content.body}/{day}/{number}", day, 1)
    _references(meta, content)
    preface = _add(document, "preface")
    _text(preface, "p", f"{ruling.legal_form or entry.kind_id} {ruling.number}")
    article = _add(_add(document, "body"), "article", eId="art_1")
    _text(article, "heading", entry.title)
    _text(_add(article, "content", eId="art_1__content"), "p", ruling.text)
    for place, order in enumerate(ruling.orders, 2):
        article = _add(document.find(_tag("body")), "article", eId=f"art_{place}")
        inner = _add(article, "content", eId=f"art_{place}__content")
        _text(inner, "p", order.text)
        for task in order.tasks:
            _text(inner, "p", f"{content.office(task.owner, 'id')}: {task.text} ({task.due_on.isoformat()})")
    return _bytes(root)


def _word(kind: str, value: Presence | Outcome | None) -> str:
    """Return the word of the minutes; the document is in Indonesian."""
    return t(f"cabinet.minutes.{kind}.{value.value if value else 'none'}", LANGUAGE)


def _stay(stay: Stay) -> str:
    until = stay.until.isoformat() if stay.until else ""
    return f"{stay.since.isoformat()}/{until} {_word('where', stay.where)}"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: ET.Element | None, tag: str, /, **attributes: str) -> ET.Element:
    assert parent is not None  # noqa: S101  # the tree is built here, top down
    return ET.SubElement(parent, _tag(tag), attributes)


def _text(parent: ET.Element, tag: str, text: str, /, **attributes: str) -> ET.Element:
    element = _add(parent, tag, **attributes)
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    """Leave out what XML 1.0 cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))


def _document(kind: str, name: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element(_tag("akomaNtoso"))
    return root, _add(root, kind, name=name)


def _bytes(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _meta(document: ET.Element, work: str, day: dt.date, version: int) -> ET.Element:
    meta = _add(document, "meta")
    identification = _add(meta, "identification", source=SOURCE)
    expression = f"{work}/ind@{version}"
    for level, address in (
        ("FRBRWork", work),
        ("FRBRExpression", expression),
        ("FRBRManifestation", f"{expression}.xml"),
    ):
        one = _add(identification, level)
        _add(one, "FRBRthis", value=f"{address}/!main")
        _add(one, "FRBRuri", value=address)
        _add(one, "FRBRdate", date=day.isoformat(), name="session")
        _add(one, "FRBRauthor", href=SOURCE)
        if level == "FRBRWork":
            _add(one, "FRBRcountry", value=COUNTRY)
        if level == "FRBRExpression":
            _add(one, "FRBRlanguage", language="ind")
    return meta


def _analysis(meta: ET.Element, content: Content) -> None:
    motions = [motion for entry in content.entries for motion in entry.motions]
    if not content.quorum and not motions:
        return
    parliamentary = _add(_add(meta, "analysis", source=SOURCE), "parliamentary")
    for place, one in enumerate(content.quorum, 1):
        outcome = "#reached" if one.reached else "#notReached"
        check = _add(parliamentary, "quorumVerification", eId=f"quorum_{place}", outcome=outcome)
        _add(check, "quorum", eId=f"quorum_{place}__needed", value=str(one.needed))
        _add(check, "count", eId=f"quorum_{place}__present", value=str(one.present), refersTo="#present")
    for motion in motions:
        voting = _add(
            parliamentary,
            "voting",
            eId=f"voting_{motion.poll}",
            outcome=f"#{motion.result.value if motion.result else 'void'}",
            href=f"#motion_{motion.poll}",
        )
        for option in ("yes", "no", "abstain"):
            value = str(getattr(motion, option))
            _add(voting, "count", eId=f"voting_{motion.poll}__{option}", value=value, refersTo=f"#{option}")


_CONCEPTS = {
    "yes": "Setuju",
    "no": "Menolak",
    "abstain": "Abstain",
    "present": "Hadir",
    "reached": "Kuorum tercapai",
    "notReached": "Kuorum tidak tercapai",
    "carried": "Diterima",
    "lost": "Tidak diterima",
    "tied": "Seri",
    "no_quorum": "Tanpa kuorum",
    "void": "Batal",
}


def _references(meta: ET.Element, content: Content) -> None:
    references = _add(meta, "references", source=SOURCE)
    _add(
        references,
        "TLCOrganization",
        eId="body",
        href=f"/akn/ontology/organization/{COUNTRY}/{content.body}",
        showAs=content.body_id,
    )
    for one in content.attendees:
        href = f"/akn/ontology/role/{COUNTRY}/{content.body}/{one.seat}"
        _add(references, "TLCRole", eId=f"seat-{one.seat}", href=href, showAs=one.office_id)
    for code, words in _CONCEPTS.items():
        _add(references, "TLCConcept", eId=code, href=f"/akn/ontology/concept/{code}", showAs=words)


def _roll_call(body: ET.Element, content: Content) -> None:
    section = _add(body, "rollCall", eId="rollcall_1")
    _text(section, "heading", "Kehadiran")
    for one in content.roll:
        paragraph = _add(section, "p")
        _text(paragraph, "role", one.office_id, refersTo=f"#seat-{one.seat}")
        stays = "; ".join(_stay(stay) for stay in one.stays)
        paragraph[-1].tail = f": {stays or _word('where', Presence.ABSENT)}"


def _section(body: ET.Element, content: Content, entry: Entry, place: int) -> None:
    eid = f"dbsect_{place}"
    section = _add(body, "debateSection", name=entry.path.value, eId=eid)
    _text(section, "num", str(place))
    _text(section, "heading", entry.title)
    outcome = (
        _word("outcomes", entry.outcome) if entry.outcome else t("cabinet.minutes.outcomes.none", LANGUAGE)
    )
    _text(section, "p", f"{entry.dossier}: {outcome}")
    for turn, speech in enumerate(entry.speeches, 1):
        _speech(section, content, speech, f"{eid}__speech_{turn}")
    for motion in entry.motions:
        _motion(section, content, motion)
    if entry.debate:
        _text(section, "p", entry.debate)
    if entry.ruling:
        _text(section, "p", entry.ruling.text)


def _speech(section: ET.Element, content: Content, speech: Speech, eid: str) -> None:
    end = speech.at + dt.timedelta(seconds=speech.seconds)
    element = _add(
        section,
        "speech",
        eId=eid,
        by=f"#seat-{speech.seat}",
        startTime=speech.at.isoformat(),
        endTime=end.isoformat(),
    )
    _text(element, "from", content.office(speech.seat, "id"))
    _text(element, "p", f"{speech.seconds} s")


def _motion(section: ET.Element, content: Content, motion: Motion) -> None:
    block = _add(section, "blockContainer", eId=f"motion_{motion.poll}", **{"class": "motion"})
    _text(block, "p", motion.question)
    for vote in motion.votes:
        paragraph = _add(block, "p")
        words = f"{content.office(vote.seat, 'id')}: {_CONCEPTS[vote.choice.value]}"
        _text(paragraph, "vote", words, by=f"#seat-{vote.seat}", choice=f"#{vote.choice.value}")
