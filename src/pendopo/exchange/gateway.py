"""One call through the hall's own gateway, and the meaning of every way in which it can fail.

The gateway answers on the loopback interface; it signs, sends and logs. A command waits longer than the
gateway does, so that its reasoned answer arrives before we give up; a question has a person waiting behind
it, so it is given up earlier, and a slow office cannot hold all threads of the hall for long.
"""

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import httpx
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict, ValidationError

from pendopo.exchange.context import Context, user_pseudonym
from pendopo.exchange.errors import (
    ExchangeDenied,
    ExchangeMisconfigured,
    Hop,
    PopulationAnswerInvalid,
    PopulationUnavailable,
)
from pendopo.exchange.purposes import purpose
from pendopo.foundation import metrics, tracing
from pendopo.foundation.settings import Settings, current
from pendopo.kernel.errors import PendopoError

QUESTION_SECONDS = 8.0
COMMAND_SECONDS = 35.0
CONNECT_SECONDS = 2.0
POOL = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=20.0)
MAX_ANSWER_BYTES = 2 * 1024 * 1024

RETRYABLE_ENDS = (
    "network_error",
    "io_error",
    "global_conf_outdated",
    "maintenance_mode",
    "internal_error",
    "ssl_authentication_failed",
    "invalid_signature_value",  # of a gateway, not of a person: its clock or its key is wrong
    "service_disabled",
)
UNUSABLE_ENDS = ("inconsistent_response", "invalid_response")
"""Somebody answered: with a signature that does not hold, or with more or other than a gateway passes on."""


REQUESTS = metrics.counter(
    "pendopo_exchange_requests_total",
    "Questions and commands by outcome: `answered` (whatever it says), `denied`, `unavailable`, `invalid`.",
    ("outcome",),
)


class GatewayProblem(BaseModel):
    """The part of the gateway's problem document that we act on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    hop: Literal["consumer-gateway", "provider-gateway", "provider-service"] | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that the other body's system itself gave (any status), as it came through the gateways."""

    status: int
    body: bytes
    message_id: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a question goes: a service of the exchange and a path below it (no personal data in it)."""

    service: str
    path: str
    method: Literal["GET", "POST"] = "POST"


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS)


@lru_cache(maxsize=4)
def _client(base_url: str, process: int) -> httpx.Client:
    """One pooled client for each process: a connection pool must not survive a fork."""
    del process
    return httpx.Client(base_url=base_url, timeout=_timeout(QUESTION_SECONDS), limits=POOL, trust_env=False)


@lru_cache(maxsize=4)
def _token(path: Path, changed: int) -> str:
    """The bearer token; read again when the file changed."""
    del changed
    return path.read_text("ascii").strip()


def token() -> str:
    """The token with which this information system shows itself to its own gateway."""
    path = current().gateway_token_file
    if path is None or not path.is_file():
        raise ExchangeMisconfigured("gateway_token_file")
    return _token(path, path.stat().st_mtime_ns)


def client_id(settings: Settings | None = None) -> str:
    """Identifier of this information system on the exchange."""
    found = (settings or current()).exchange_client
    if found is None:
        raise ExchangeMisconfigured("exchange_client")
    return found


def http_client() -> httpx.Client:
    """The connection pool to the own gateway. Raises :class:`ExchangeMisconfigured` where there is none."""
    url = current().gateway_url
    if url is None:
        raise ExchangeMisconfigured("gateway_url")
    return _client(url.rstrip("/"), os.getpid())


def call(
    endpoint: Endpoint,
    body: bytes,
    *,
    context: Context,
    subjects: tuple[str, ...],
    idempotency_key: str | None = None,
) -> Answer:
    """Send one signed question or command; return what the other system itself answered.

    ``subjects`` are pseudonyms. Raises :class:`PopulationUnavailable` when no answer of the service came back
    (for a command: it may have arrived; repeat it with the same key) and :class:`ExchangeDenied` when a
    gateway refused. The meaning of the answer's status is for the caller.
    """
    with tracing.span("exchange call", SpanKind.CLIENT) as begun:
        begun.set_attribute("pendopo.service", endpoint.service)
        try:
            answer = _call(endpoint, body, _headers(context, subjects, idempotency_key), idempotency_key)
        except PendopoError as error:
            REQUESTS.labels(_outcome(error)).inc()
            raise
        REQUESTS.labels("answered").inc()
        return answer


def _outcome(error: PendopoError) -> str:
    if isinstance(error, PopulationAnswerInvalid):
        return "invalid"
    return "unavailable" if isinstance(error, PopulationUnavailable) else "denied"


def _call(endpoint: Endpoint, body: bytes, headers: Mapping[str, str], idempotency_key: str | None) -> Answer:
    timeout = _timeout(QUESTION_SECONDS if idempotency_key is None else COMMAND_SECONDS)
    try:
        response = http_client().request(
            endpoint.method,
            f"/r1/{endpoint.service}{endpoint.path}",
            content=body,
            headers=headers,
            timeout=timeout,
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise PopulationUnavailable(Hop.OWN_GATEWAY, "connect") from error
    except httpx.TimeoutException as error:
        raise PopulationUnavailable(Hop.OWN_GATEWAY, "timeout") from error
    except httpx.HTTPError as error:
        raise PopulationUnavailable(Hop.OWN_GATEWAY, "broken-connection") from error
    if "x-road-error" in response.headers:
        raise _gateway_error(response)
    if response.headers.get("x-road-id") != headers["X-Road-Id"]:
        # Not even an exchange answer: something else listens on the gateway's port, or it refused our token.
        if response.status_code in {401, 403}:
            raise ExchangeDenied(Hop.OWN_GATEWAY, f"status-{response.status_code}")
        raise PopulationAnswerInvalid(Hop.OWN_GATEWAY, "not-an-exchange-answer")
    if len(response.content) > MAX_ANSWER_BYTES:
        raise PopulationAnswerInvalid(Hop.POPULATION_OFFICE, "too-large")
    return Answer(
        status=response.status_code,
        body=response.content,
        message_id=headers["X-Road-Id"],
        subjects=tuple(
            filter(None, response.headers.get("x-exchange-subjects", "").replace(" ", "").split(","))
        ),
    )


def _headers(context: Context, subjects: tuple[str, ...], idempotency_key: str | None) -> Mapping[str, str]:
    declared = purpose(context.purpose)
    client = client_id()
    headers = {
        "Authorization": f"Bearer {token()}",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "X-Road-Client": client,
        "X-Road-Id": f"{client.split('/', 1)[0]}-{uuid.uuid4()}",
        "X-Exchange-Purpose": declared.code,
        "X-Exchange-Legal-Basis": context.legal_basis or declared.legal_basis.code,
        "X-Exchange-Subject": ",".join(subjects),
    }
    headers |= tracing.outgoing()
    user = user_pseudonym(context)
    if user:
        headers["X-Road-UserId"] = user
    if context.issue:
        headers["X-Road-Issue"] = context.issue
    if idempotency_key is not None:
        headers["Idempotency-Key"] = idempotency_key
    return headers


def _gateway_error(response: httpx.Response) -> PopulationUnavailable | ExchangeDenied:
    code = response.headers["x-road-error"].lower()
    try:
        problem = GatewayProblem.model_validate_json(response.content)
    except ValidationError:
        problem = GatewayProblem()
    hop = _hop(code, problem)
    word = code.rsplit(".", 1)[-1]
    if word.endswith(UNUSABLE_ENDS):
        return PopulationAnswerInvalid(hop, word)
    if word.endswith(RETRYABLE_ENDS) or "logging_failed" in code:
        return PopulationUnavailable(hop, word)
    return ExchangeDenied(hop, word)


def _hop(code: str, problem: GatewayProblem) -> Hop:
    """Where the exchange stopped: the far gateway cannot tell of itself that it is down."""
    if problem.hop == "provider-service" or "service_failed" in code:
        return Hop.POPULATION_OFFICE
    ends_there = ("network_error", "io_error", "inconsistent_response")
    if code.startswith("server.clientproxy") and code.endswith(ends_there):
        return Hop.REMOTE_GATEWAY
    return Hop.REMOTE_GATEWAY if problem.hop == "provider-gateway" else Hop.OWN_GATEWAY
