"""The one typed, frozen settings object, read from the environment once and checked as a whole.

Every problem is collected and told in one go, so that an operator mends a configuration in one round.
No secret has a default; in production the demo conveniences are refused.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "PENDOPO_"
PROFILES = ("hall", "register", "all")
ROOT_KEY_BYTES = 32
LONGEST_INSTANCE = 24
INSTANCE_RULE = f"PENDOPO_INSTANCE must be at most {LONGEST_INSTANCE} lower-case letters, digits and hyphens."

type Profile = Literal["hall", "register", "all"]


class SettingsError(ValueError):
    """The environment does not describe a working installation; ``problems`` lists every reason."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the sentences; the message joins them, one a line."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process of one deployment needs to know. Field ``x`` is read from ``PENDOPO_X``."""

    profile: Profile
    instance: str
    state_dir: Path
    database_url: str
    database_pool: int
    root_key_file: Path
    base_url: str
    live_url: str | None
    demo: bool
    production: bool
    definitions_dir: Path
    checkpoint_dir: Path
    agency: str
    gateway_url: str | None
    gateway_token_file: Path | None
    exchange_client: str | None
    subject_key_file: Path | None
    provider_token_file: Path | None
    registry_dir: Path | None
    smtp_host: str | None
    smtp_port: int
    mail_from: str
    tsa_url: str | None
    tsa_trust_file: Path | None
    metrics_port: int
    trace_url: str | None
    log_format: Literal["json", "console"]
    language: Literal["id", "en"]
    time_zone: str
    trusted_proxies: tuple[str, ...]

    @property
    def secure(self) -> bool:
        """Whether people reach the hall over https, so cookies may be marked Secure."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Host name of the base URL: the WebAuthn relying-party id and the only allowed host."""
        return urlsplit(self.base_url).hostname or "localhost"


class _Reader:
    """Reads single values and remembers what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self.environment.get(PREFIX + name, "").strip()
        if value:
            return value
        if default is None:
            self.problems.append(f"{PREFIX}{name} is missing.")
            return ""
        return default

    def optional(self, name: str) -> str | None:
        return self.environment.get(PREFIX + name, "").strip() or None

    def path(self, name: str, default: Path | None = None) -> Path:
        return Path(self.text(name, None if default is None else str(default)))

    def optional_path(self, name: str) -> Path | None:
        value = self.optional(name)
        return Path(value) if value else None

    def flag(self, name: str) -> bool:
        value = self.text(name, "0").lower()
        if value not in {"0", "1", "true", "false", "yes", "no"}:
            self.problems.append(f"{PREFIX}{name} must be 0 or 1, not {value!r}.")
        return value in {"1", "true", "yes"}

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal():
            self.problems.append(f"{PREFIX}{name} must be a whole number, not {value!r}.")
            return default
        return int(value)

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.problems.append(f"{PREFIX}{name} must be one of {', '.join(choices)}, not {value!r}.")
            return default
        return value


def _default_definitions() -> Path:
    return Path(__file__).parents[3] / "definitions"


def load(environment: Mapping[str, str]) -> Settings:
    """Read and check everything.

    Raises :class:`SettingsError` with all problems at once. Not checked here: whether the database
    answers (``/readyz`` does that) and whether the gateway is up.
    """
    read = _Reader(environment)
    profile = cast("Profile", read.choice("PROFILE", PROFILES, "hall"))
    state_dir = read.path("STATE_DIR")
    settings = Settings(
        profile=profile,
        instance=read.text("INSTANCE", "pendopo"),
        state_dir=state_dir,
        database_url=read.text("DATABASE_URL"),
        database_pool=read.number("DATABASE_POOL", 12),
        root_key_file=read.path("ROOT_KEY_FILE"),
        base_url=read.text("BASE_URL").rstrip("/"),
        live_url=read.optional("LIVE_URL"),
        demo=read.flag("DEMO"),
        production=read.flag("PRODUCTION"),
        definitions_dir=read.path("DEFINITIONS_DIR", _default_definitions()),
        checkpoint_dir=read.path("CHECKPOINT_DIR", state_dir / "checkpoints"),
        agency=read.text("AGENCY", "pemda-contoh"),
        gateway_url=read.optional("GATEWAY_URL"),
        gateway_token_file=read.optional_path("GATEWAY_TOKEN_FILE"),
        exchange_client=read.optional("EXCHANGE_CLIENT"),
        subject_key_file=read.optional_path("SUBJECT_KEY_FILE"),
        provider_token_file=read.optional_path("PROVIDER_TOKEN_FILE"),
        registry_dir=read.optional_path("REGISTRY_DIR"),
        smtp_host=read.optional("SMTP_HOST"),
        smtp_port=read.number("SMTP_PORT", 25),
        mail_from=read.text("MAIL_FROM", "pendopo@localhost"),
        tsa_url=read.optional("TSA_URL"),
        tsa_trust_file=read.optional_path("TSA_TRUST_FILE"),
        metrics_port=read.number("METRICS_PORT", 0),
        trace_url=read.optional("TRACE_URL"),
        log_format=cast("Literal['json', 'console']", read.choice("LOG_FORMAT", ("json", "console"), "json")),
        language=cast("Literal['id', 'en']", read.choice("LANGUAGE", ("id", "en"), "id")),
        time_zone=read.text("TIME_ZONE", "Asia/Jakarta"),
        trusted_proxies=tuple(filter(None, read.text("TRUSTED_PROXIES", "").replace(",", " ").split())),
    )
    problems = read.problems or [problem for check in _CHECKS for problem in check(settings)]
    if problems:
        raise SettingsError(problems)
    return settings


def is_instance_name(name: str) -> bool:
    """Tell whether databases, cookies and the log can carry this name."""
    return re.fullmatch(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_INSTANCE - 1}}}", name) is not None


def _check_instance(settings: Settings) -> list[str]:
    return [] if is_instance_name(settings.instance) else [INSTANCE_RULE]


def _check_urls(settings: Settings) -> list[str]:
    problems = []
    base = urlsplit(settings.base_url)
    if base.scheme not in {"http", "https"} or not base.hostname:
        problems.append("PENDOPO_BASE_URL must be an http(s) address such as http://localhost:8000.")
    live = urlsplit(settings.live_url or "http://localhost")
    if live.scheme not in {"http", "https"} or not live.hostname or live.path:
        problems.append("PENDOPO_LIVE_URL must be an origin such as http://localhost:8010, without a path.")
    if not settings.database_url.startswith(("postgresql://", "postgres://")):
        problems.append("PENDOPO_DATABASE_URL must begin with postgresql://.")
    return problems


def _check_zone(settings: Settings) -> list[str]:
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return [f"PENDOPO_TIME_ZONE {settings.time_zone!r} is not a known zone; use one like Asia/Makassar."]
    return []


def _check_files(settings: Settings) -> list[str]:
    problems = []
    named = {
        "ROOT_KEY_FILE": settings.root_key_file,
        "GATEWAY_TOKEN_FILE": settings.gateway_token_file,
        "SUBJECT_KEY_FILE": settings.subject_key_file,
        "PROVIDER_TOKEN_FILE": settings.provider_token_file,
    }
    for name, path in named.items():
        if path is None:
            continue
        if not path.is_file():
            problems.append(f"{PREFIX}{name} points to {path}, which is not a file.")
        elif path.stat().st_mode & 0o077:
            problems.append(f"{path} can be read by others; run: chmod 600 {path}")
    if settings.root_key_file.is_file() and settings.root_key_file.stat().st_size != ROOT_KEY_BYTES:
        problems.append(f"{settings.root_key_file} must hold exactly {ROOT_KEY_BYTES} random bytes.")
    return problems


def _check_tsa(settings: Settings) -> list[str]:
    problems = []
    if settings.tsa_url is not None:
        address = urlsplit(settings.tsa_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            problems.append("PENDOPO_TSA_URL must be an http(s) address.")
        if settings.tsa_trust_file is None:
            problems.append("PENDOPO_TSA_URL needs PENDOPO_TSA_TRUST_FILE: whose time stamps are believed?")
    if settings.tsa_trust_file is not None and not settings.tsa_trust_file.is_file():
        problems.append(f"PENDOPO_TSA_TRUST_FILE points to {settings.tsa_trust_file}, which is not a file.")
    return problems


def _check_production(settings: Settings) -> list[str]:
    if not settings.production:
        return []
    problems = []
    if settings.demo:
        problems.append("PENDOPO_DEMO and PENDOPO_PRODUCTION exclude each other: demo people are fiction.")
    if settings.profile == "all":
        problems.append("PENDOPO_PROFILE=all puts the hall and a register into one database; tests only.")
    if not settings.secure:
        problems.append("PENDOPO_BASE_URL must be https in production.")
    return problems


_CHECKS: tuple[Callable[[Settings], list[str]], ...] = (
    _check_instance,
    _check_urls,
    _check_zone,
    _check_files,
    _check_tsa,
    _check_production,
)


@cache
def current() -> Settings:
    """Return the settings of this process, read on first use."""
    return load(os.environ)


def documented() -> tuple[str, ...]:
    """Names of all environment variables, in order; the reference page is checked against it."""
    return tuple(PREFIX + field.name.upper() for field in fields(Settings))
