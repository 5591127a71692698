"""Sessions as iCalendar (RFC 5545): events in UTC, lines folded at 75 octets, nothing that names a person.

The writer knows exactly what a calendar of sessions needs: VEVENT with DTSTART, DURATION, SUMMARY, LOCATION,
DESCRIPTION and STATUS. Times are UTC, so that no VTIMEZONE is needed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

PRODUCT = "-//Pendopo//Cabinet//ID"
LONGEST_LINE = 75
DEFAULT_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Meeting:
    """One session as its reader may know it; ``items`` are titles, already redacted."""

    uid: str
    title: str
    place: str
    start: dt.datetime
    minutes: int
    stamp: dt.datetime
    items: Sequence[str] = field(default_factory=tuple)
    address: str = ""


def calendar(name: str, meetings: Iterable[Meeting]) -> bytes:
    """Return the calendar; ``name`` is shown by applications that know X-WR-CALNAME."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for meeting in meetings:
        lines += _event(meeting)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(meeting: Meeting) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}",
        f"DTSTAMP:{_utc(meeting.stamp)}",
        f"DTSTART:{_utc(meeting.start)}",
        f"DURATION:PT{max(meeting.minutes, 1)}M",
        f"SUMMARY:{_escaped(meeting.title)}",
        f"LOCATION:{_escaped(meeting.place)}",
        "STATUS:CONFIRMED",
        "CLASS:CONFIDENTIAL",
    ]
    if meeting.items:
        numbered = "\n".join(f"{place}. {title}" for place, title in enumerate(meeting.items, 1))
        lines.append(f"DESCRIPTION:{_escaped(numbered)}")
    if meeting.address:
        lines.append(f"URL:{meeting.address}")
    lines.append("END:VEVENT")
    return lines


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """Escape a TEXT value (RFC 5545 §3.3.11); other control characters have no place in one."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\\n").replace("\n", "\\n")
    return "".join(sign for sign in escaped if sign >= " ")


def _folded(line: str) -> str:
    """Fold a line at 75 octets without cutting a character (RFC 5545 §3.1)."""
    parts, room, size = [""], LONGEST_LINE, 0
    for sign in line:
        width = len(sign.encode())
        if size + width > room:
            parts.append("")
            room, size = LONGEST_LINE - 1, 0
        parts[-1] += sign
        size += width
    return "\r\n ".join(parts)
