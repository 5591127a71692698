"""A population office on a loopback port: speaks ``population-v1`` as a gateway hands it over.

It keeps people and births in memory, does an idempotency key once, and can be down or refuse on command.
The exchange room parses what it says as strictly as in life.
"""

import datetime as dt
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import override

from pendopo.exchange import api as exchange
from pendopo.kernel.nik import Nik, compose
from pendopo.kernel.sex import Sex

REGION = "331499"
CARD = "3314990101200001"
ADDRESS = {
    "street": "Jl. Melati 7",
    "rt": "002",
    "rw": "005",
    "village_code": "33.14.01.2001",
    "village": "Desa Contoh",
    "district": "Kecamatan Contoh",
    "regency": "Kabupaten Contoh",
    "province": "Jawa Tengah",
}


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the register."""

    nik: Nik
    name: str
    sex: Sex
    born: dt.date
    spouse: str = ""  # key of the spouse among the people, when the marriage is recorded
    spouse_name: str = ""  # a spouse without NIK


def _someone(name: str, sex: Sex, born: dt.date, serial: int, **more: str) -> Someone:
    return Someone(compose(REGION, born, sex, serial), name, sex, born, **more)


SARI = _someone("Sari Wulandari", Sex.FEMALE, dt.date(1996, 3, 12), 1, spouse="agus")
AGUS = _someone("Agus Prasetyo", Sex.MALE, dt.date(1994, 7, 1), 2, spouse="sari")
RINA = _someone("Rina Kartika", Sex.FEMALE, dt.date(1999, 1, 20), 3)
DEWI = _someone("Dewi Anjani", Sex.FEMALE, dt.date(1992, 5, 5), 4, spouse_name="John Smith")
BIDAN = _someone("Nur Bidan", Sex.FEMALE, dt.date(1980, 2, 2), 5)
BUDI = _someone("Budi Saksi", Sex.MALE, dt.date(1970, 9, 9), 6)
TONO = _someone("Tono Saksi", Sex.MALE, dt.date(1971, 9, 9), 7)

PEOPLE = {"sari": SARI, "agus": AGUS, "rina": RINA, "dewi": DEWI, "bidan": BIDAN, "budi": BUDI, "tono": TONO}

type Json = dict[str, object]


@dataclass
class Office:
    """The state of the office."""

    url: str = ""
    down: bool = False
    refuse: str = ""
    deny: str = ""
    asked: list[tuple[str, Json, dict[str, str]]] = field(default_factory=list)
    births: dict[str, Json] = field(default_factory=dict)  # by idempotency key
    versions: dict[str, int] = field(default_factory=dict)  # issues of a certificate, by its number

    def answer(self, path: str, body: Json, headers: dict[str, str]) -> tuple[int, Json, list[str]]:
        """Return status, body and whom it shows."""
        self.asked.append((path, body, headers))
        if path == "persons":
            return self._person(body)
        if path == "families":
            return self._family(body)
        if self.deny:
            return 403, {"code": "registers.forbidden", "reason": self.deny}, []
        if self.refuse:
            return 409, {"code": "registers.command_refused", "reason": self.refuse}, []
        return (
            self._birth(body, headers)
            if path == "births"
            else self._correct(path.split("/")[1], body, headers)
        )

    def _person(self, body: Json) -> tuple[int, Json, list[str]]:
        found = _find(str(body["nik"]))
        if found is None:
            return 404, {"code": "registers.person_not_found"}, []
        known: Json = {
            "name": found.name,
            "sex": found.sex.value,
            "birth_date": found.born.isoformat(),
            "birth_place": "Contoh",
            "alive": True,
            "marital_status": "married" if found.spouse or found.spouse_name else "unmarried",
            "citizenship": "WNI",
            "occupation": "Guru",
            "address": ADDRESS,
            "family_card": CARD,
        }
        shown = {name: known[name] for name in _texts(body["fields"])}
        return 200, {"nik": found.nik.value, **shown}, [_name(found)]

    def _family(self, body: Json) -> tuple[int, Json, list[str]]:
        found = _find(str(body["nik"]))
        if found is None:
            return 404, {"code": "registers.person_not_found"}, []
        spouse = PEOPLE.get(found.spouse)
        members = [found, spouse] if spouse else [found]
        card = {
            "number": CARD,
            "version": 1,
            "issued_on": "2021-06-10",
            "address": ADDRESS,
            "members": [_member(one) for one in members],
            "marriages": _marriages(found, spouse),
        }
        return 200, card, [_name(one) for one in members]

    def _birth(self, body: Json, headers: dict[str, str]) -> tuple[int, Json, list[str]]:
        key = headers["idempotency-key"]
        if key not in self.births:
            self.births[key] = self._entry(_object(body["child"]), str(body["mother_nik"]), body["father"])
        return 201, self.births[key], []

    def _entry(self, child: Json, mother_nik: str, father: object) -> Json:
        born = dt.date.fromisoformat(str(child["birth_date"]))
        sex = Sex(str(child["sex"]))
        serial = 100 + len(self.births)
        number = f"3314-LU-22112026-{serial:04d}"
        self.versions[number] = 1
        mother = _find(mother_nik)
        certificate = {
            "number": number,
            "version": 1,
            "registered_on": "2026-11-22",
            "issued_on": "2026-11-22",
            "child_nik": compose(REGION, born, sex, serial).value,
            "child_name": child["name"],
            "child_sex": sex.value,
            "birth_date": born.isoformat(),
            "birth_place": "Kabupaten Contoh",
            "birth_order": child["birth_order"],
            "mother_name": mother.name if mother else "",
            "father_name": _father_name(father),
            "parents_married": father is not None,
            "corrected": [],
        }
        return {
            "event_id": f"event-{serial}",
            "certificate": certificate,
            "family_card": CARD,
            "family_card_version": 2,
            "registered_at": "2026-11-22T03:00:00+00:00",
        }

    def _certificate(self, number: str) -> Json:
        certificates = [_object(entry["certificate"]) for entry in self.births.values()]
        return next(entry for entry in reversed(certificates) if entry["number"] == number)

    def _correct(self, number: str, body: Json, headers: dict[str, str]) -> tuple[int, Json, list[str]]:
        key = headers["idempotency-key"]
        if key not in self.births:
            before = self._certificate(number)
            self.versions[number] += 1
            changed: Json = {**before, "version": self.versions[number], "corrected": ["child_name"]}
            changed["child_name"] = body["child_name"] or changed["child_name"]
            self.births[key] = {
                "event_id": f"event-{key}",
                "certificate": changed,
                "replaced": number,
                "family_card": CARD,
                "family_card_version": 3,
                "corrected_at": "2026-11-22T04:00:00+00:00",
            }
        return 201, self.births[key], []


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError
    return [str(item) for item in value]


def _find(nik: str) -> Someone | None:
    return next((one for one in PEOPLE.values() if one.nik.value == nik), None)


def _name(one: Someone) -> str:
    return exchange.pseudonym(one.nik)


def _member(one: Someone) -> Json:
    return {
        "nik": one.nik.value,
        "name": one.name,
        "sex": one.sex.value,
        "birth_date": one.born.isoformat(),
        "birth_place": "Contoh",
        "relation": "wife" if one.sex is Sex.FEMALE else "head",
        "marital_status": "married",
        "alive": True,
        "father_name": None,
        "mother_name": None,
    }


def _marriages(found: Someone, spouse: Someone | None) -> list[Json]:
    if spouse is None and not found.spouse_name:
        return []
    own = {"nik": found.nik.value, "name": found.name}
    other = (
        {"nik": spouse.nik.value, "name": spouse.name} if spouse else {"nik": None, "name": found.spouse_name}
    )
    woman = found.sex is Sex.FEMALE
    return [
        {
            "husband": other if woman else own,
            "wife": own if woman else other,
            "married_on": "2021-06-04",
            "certificate": "0123/045/VI/2021",
            "recorded_by": "kua",
        }
    ]


def _father_name(father: object) -> str | None:
    if not isinstance(father, dict):
        return None
    found = _find(str(father["nik"])) if father["nik"] else None
    return found.name if found else father["stated_name"]


class _Server(ThreadingHTTPServer):
    """The listening socket, with the office behind it."""

    daemon_threads = True
    office: Office


class _Handler(BaseHTTPRequestHandler):
    """One exchange, as the own gateway answers it."""

    def do_POST(self) -> None:
        """Hand the question to the office, or say that its gateway is not reachable."""
        office = _office(self.server)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if office.down:
            return self._send(500, {}, {"X-Road-Error": "server.clientproxy.network_error"})
        path = self.path.split("/population-v1/", 1)[1]
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, answer, shown = office.answer(path, body, headers)
        subjects = ",".join(dict.fromkeys([*shown, *headers["x-exchange-subject"].split(",")]))
        return self._send(status, answer, {"X-Exchange-Subjects": subjects})

    def _send(self, status: int, answer: Json, headers: dict[str, str]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("X-Road-Id", self.headers["X-Road-Id"])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _office(server: object) -> Office:
    if not isinstance(server, _Server):
        raise TypeError
    return server.office


def serve() -> tuple[Office, ThreadingHTTPServer]:
    """Start an office on a free port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.office = Office(url=f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server.office, server
