"""The provider's side: a signed question from a peer becomes a question to our information system.

In this order: who is connected (certificate), what it says (target in its one spelling, body within
bounds), that it said so itself (signature by a key of that very gateway), that the client is its own, that
the message is new, that an agreement permits it. Then the question is on disk; then our information
system is asked; then answer and access record are on disk; then the signed answer goes out.
"""

import asyncio
import time
from datetime import UTC, datetime

import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from opentelemetry.trace import SpanKind

from pendopo.kernel.ids import uuid7
from pendopo_gateway import faults, logs, messages, metaservices, metrics, problems, tls, tracing
from pendopo_gateway.config import Config, ServedService
from pendopo_gateway.errors import ExchangeError, Fault, JournalFailed
from pendopo_gateway.evidence import Evidence, Look, Question, milliseconds, names
from pendopo_gateway.journal import Journal
from pendopo_gateway.registry import Registry
from pendopo_gateway.replay import UsedNonces
from pendopo_gateway.transport import (
    Answer,
    AnswerLateError,
    AnswerLostError,
    AnswerTooLargeError,
    Client,
    Message,
    NotSentError,
)
from pendopo_wire import signatures
from pendopo_wire.access import Side
from pendopo_wire.errors import IdentifierError, SignatureError, TargetError
from pendopo_wire.identifiers import SubsystemId
from pendopo_wire.paths import METHODS, Target
from pendopo_wire.signatures import Request, Response, VerifiedRequest, Window
from pendopo_wire.snapshot import Permit, Refusal, Server, Snapshot
from pendopo_wire.snapshot import Question as Asked

_FROM_SERVICE = tuple(
    name
    for name in signatures.RESPONSE_HEADERS
    if not name.startswith("x-road-") and name not in {"content-digest", "content-type"}
)
_TO_SERVICE = tuple(name for name in signatures.REQUEST_HEADERS if name != "content-digest")
_KEPT = (*signatures.REQUEST_HEADERS, *messages.SIGNATURE)
_DEFAULT_TYPE = "application/octet-stream"


_LISTS_OF_NAMES = ("x-exchange-subjects", "x-exchange-fields")
_REFUSALS = {Refusal.UNKNOWN_SERVICE: faults.UNKNOWN_SERVICE_THERE}


class Heard(msgspec.Struct, frozen=True):
    """A question that can be read, and is signed by the very gateway that sent it."""

    snapshot: Snapshot
    peer: Server
    target: Target
    request: Request
    verified: VerifiedRequest
    headers: dict[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """A signed header; empty when the question has none of that name."""
        return self.headers.get(name, "")


class Reply(msgspec.Struct, frozen=True):
    """What will be answered, before it is signed."""

    status: int
    headers: dict[str, str]
    body: bytes


class ProviderSide:
    """Answers peers."""

    def __init__(
        self,
        config: Config,
        *,
        registry: Registry,
        journal: Journal,
        nonces: UsedNonces,
        services: Client,
    ) -> None:
        self._config = config
        self._registry = registry
        self._journal = journal
        self._evidence = Evidence(journal, config.signing)
        self._nonces = nonces
        self._services = services

    async def handle(self, request: web.Request) -> web.Response:
        """One request of a peer; nothing that a peer can cause gets out as an exception."""
        heard = None
        with metrics.exchange(Side.PROVIDER) as outcome:
            try:
                heard = await self._hear(request)
                reply = await self._traced_reply(heard)
            except ExchangeError as error:
                reply = self._refusal(error, heard, outcome)
            except JournalFailed:
                reply = self._refusal(ExchangeError(faults.LOG_FAILED_THERE), heard, outcome)
            except Exception as error:  # noqa: BLE001  # the outermost edge: report it and keep serving
                logs.failure("provider.failed", error)
                reply = self._refusal(ExchangeError(faults.INTERNAL_THERE), heard, outcome)
            return _plain(reply) if heard is None else self._signed(reply, heard)

    async def _traced_reply(self, heard: Heard) -> Reply:
        shared = self._config.tracing
        parent = shared.from_peer(heard.peer.id.member, heard.request.headers)
        with shared.span("exchange answer", SpanKind.SERVER, parent) as span:
            span.set_attribute("pendopo.service", str(heard.target.service))
            return await self._reply(heard)

    async def _hear(self, request: web.Request) -> Heard:
        snapshot = self._registry.current()
        own = snapshot.server(self._config.server) if snapshot else None
        if snapshot is None or own is None:
            raise ExchangeError(faults.REGISTRY_STALE_THERE)
        peer = snapshot.server_of_certificate(tls.peer_certificate(request))
        if peer is None:
            raise ExchangeError(faults.PEER_NOT_AUTHENTICATED)
        target = _target(request)
        body = await self._body(request)
        signed = Request(request.method, f"https://{own.address}{target}", messages.raw_headers(request))
        verified = self._verified(signed, body, peer, snapshot)
        try:
            headers = messages.collect(signed.headers, _KEPT)
        except messages.HeaderError as error:
            raise ExchangeError(faults.MESSAGE_MALFORMED, str(error)) from error
        return Heard(snapshot, peer, target, signed, verified, headers, body)

    async def _body(self, request: web.Request) -> bytes:
        try:
            if request.content.is_eof():  # all of it has come: nothing to wait for
                return await request.read()
            async with asyncio.timeout(self._config.limits.peer_seconds):
                return await request.read()
        except (web.HTTPException, OSError, TimeoutError) as error:
            raise ExchangeError(faults.MESSAGE_MALFORMED, type(error).__name__) from error

    def _verified(self, signed: Request, body: bytes, peer: Server, snapshot: Snapshot) -> VerifiedRequest:
        def find(keyid: str) -> EllipticCurvePublicKey | None:
            owner = snapshot.signing_key(keyid)
            return owner.public_key if owner and owner.server.id == peer.id else None

        limits = self._config.limits
        window = Window(int(time.time()), limits.signature_seconds, limits.clock_skew_seconds)
        try:
            return signatures.verify_request(signed, body, keys=find, window=window)
        except SignatureError as error:
            raise ExchangeError(faults.SIGNATURE_INVALID, str(error)) from error

    async def _reply(self, heard: Heard) -> Reply:
        client = self._client(heard)
        if not self._nonces.take(
            heard.verified.keyid, heard.verified.nonce, expires=heard.verified.expires, now=int(time.time())
        ):
            raise ExchangeError(faults.MESSAGE_REPLAYED)
        if heard.target.service.is_metaservice:
            return await self._meta(heard, client)
        permit = _permit(heard, client)
        service = self._config.service(heard.target.service)
        if service is None:
            raise ExchangeError(faults.SERVICE_NOT_SERVED)
        question = _question(heard, permit)
        await self._evidence.asked(question)
        return await self._ask(heard, question, service)

    def _client(self, heard: Heard) -> SubsystemId:
        try:
            client = SubsystemId.parse(heard.header("x-road-client"))
        except IdentifierError as error:
            raise ExchangeError(faults.MESSAGE_MALFORMED, str(error)) from error
        subsystem = heard.snapshot.subsystem(client)
        if client.member != heard.peer.id.member:
            raise ExchangeError(faults.PEER_OF_ANOTHER_MEMBER)
        if subsystem is None or heard.peer.id not in subsystem.servers:
            raise ExchangeError(faults.NOT_AGREED_THERE, Refusal.UNKNOWN_CLIENT.value)
        return client

    async def _meta(self, heard: Heard, client: SubsystemId) -> Reply:
        question = metaservices.MetaQuestion(client, heard.target)
        own = heard.snapshot.subsystem(heard.target.service.subsystem)
        if heard.request.method != "GET" or own is None or self._config.server not in own.servers:
            raise ExchangeError(faults.UNKNOWN_SERVICE_THERE)
        body = await asyncio.to_thread(metaservices.answer, question, heard.snapshot, self._journal)
        if body is None:
            raise ExchangeError(faults.MESSAGE_MALFORMED, "no such metaservice, or a parameter is wrong")
        return Reply(200, {"content-type": metaservices.MEDIA_TYPE}, body)

    async def _ask(self, heard: Heard, question: Question, service: ServedService) -> Reply:
        """Ask our information system, and have the outcome on disk whatever it is."""
        try:
            answer = await self._services.send(_to_service(heard, service, self._config.tracing))
            reply = _from_service(answer)
        except NotSentError as error:
            await self._evidence.ended(question, error=faults.SERVICE_UNREACHABLE.code())
            raise ExchangeError(faults.SERVICE_UNREACHABLE) from error
        except (AnswerLostError, messages.HeaderError) as error:
            fault = _fault_of(error)
            await self._evidence.ended(question, error=fault.code(), look=Look(None))
            raise ExchangeError(fault, type(error).__name__) from error
        except BaseException:
            # Also when this task is cancelled: the question was out, so the look is recorded.
            await asyncio.shield(self._evidence.ended(question, error="interrupted", look=Look(None)))
            raise
        response = self._sealed(reply, heard)
        look = Look(
            reply.status,
            names(reply.headers.get("x-exchange-subjects", "")),
            names(reply.headers.get("x-exchange-fields", "")),
        )
        try:
            await self._evidence.ended(question, status=reply.status, headers=response.headers, look=look)
        except JournalFailed as error:
            raise ExchangeError(faults.OUTCOME_NOT_LOGGED) from error
        return Reply(reply.status, dict(response.headers), reply.body)

    def _refusal(self, error: ExchangeError, heard: Heard | None, outcome: metrics.Outcome) -> Reply:
        outcome.failed(error.fault)
        number = str(uuid7())
        spelling = self._config.spelling
        code = error.fault.code(spelling)
        logs.info(
            "exchange.refused",
            side=Side.PROVIDER.value,
            code=code,
            detail=error.detail,
            number=number,
            exchange=heard.verified.exchange_id if heard else None,
            peer=str(heard.peer.id) if heard else None,
        )
        document = problems.problem(error, number=number, spelling=spelling)
        headers = {"content-type": problems.MEDIA_TYPE, problems.HEADER: code}
        return Reply(error.fault.status, headers, msgspec.json.encode(document))

    def _signed(self, reply: Reply, heard: Heard) -> web.Response:
        if "signature" in reply.headers:
            return _plain(reply)
        return _plain(Reply(reply.status, dict(self._sealed(reply, heard).headers), reply.body))

    def _sealed(self, reply: Reply, heard: Heard) -> Response:
        headers = {
            **reply.headers,
            "content-digest": signatures.content_digest(reply.body),
            "x-road-client": heard.header("x-road-client"),
            "x-road-id": heard.header("x-road-id"),
            "x-road-service": str(heard.target.service),
            "x-road-request-id": heard.verified.exchange_id,
        }
        response = Response(reply.status, tuple(headers.items()))
        signing = self._config.signing
        added = signatures.sign_response(
            response, heard.request, key=signing.private, keyid=signing.id, created=int(time.time())
        )
        return Response(reply.status, response.headers + added)


def _target(request: web.Request) -> Target:
    try:
        target = Target.parse(request.raw_path)
    except TargetError as error:
        raise ExchangeError(faults.MESSAGE_MALFORMED, str(error)) from error
    if str(target) != request.raw_path or request.method not in METHODS:
        raise ExchangeError(faults.MESSAGE_MALFORMED, "the target is not in its canonical spelling")
    return target


def _permit(heard: Heard, client: SubsystemId) -> Permit:
    asked = Asked(
        client=client,
        service=heard.target.service,
        method=heard.request.method,
        segments=heard.target.segments,
        purpose=heard.header("x-exchange-purpose"),
        legal_basis=heard.header("x-exchange-legal-basis"),
    )
    judged = heard.snapshot.judge(asked, datetime.now(UTC))
    if isinstance(judged, Refusal):
        raise ExchangeError(_REFUSALS.get(judged, faults.NOT_AGREED_THERE), judged.value)
    return judged


def _question(heard: Heard, permit: Permit) -> Question:
    return Question(
        at=milliseconds(),
        side=Side.PROVIDER.value,
        exchange=heard.verified.exchange_id,
        keyid=heard.verified.keyid,
        nonce=heard.verified.nonce,
        expires=heard.verified.expires,
        peer=str(heard.peer.id),
        agreement=permit.agreement.id,
        endpoint=permit.endpoint.path,
        method=heard.request.method,
        target_uri=heard.request.target_uri,
        target=str(heard.target),
        headers=list(heard.headers.items()),
    )


def _to_service(heard: Heard, service: ServedService, shared: tracing.Tracing) -> Message:
    headers = {name: heard.headers[name] for name in _TO_SERVICE if name in heard.headers}
    headers["authorization"] = f"Bearer {service.token}"
    headers["x-road-request-id"] = heard.verified.exchange_id
    uri = service.base_url + heard.target.below_service
    return Message(heard.request.method, uri, (*headers.items(), *shared.to_system()), heard.body)


def _from_service(answer: Answer) -> Reply:
    headers = messages.collect(answer.headers, _FROM_SERVICE)
    for name in _LISTS_OF_NAMES:
        messages.check_names(headers, name)
    kinds = messages.collect(answer.headers, ("content-type",))
    headers["content-type"] = kinds.get("content-type") or _DEFAULT_TYPE
    return Reply(answer.status, headers, answer.body)


def _fault_of(error: Exception) -> Fault:
    if isinstance(error, AnswerLateError):
        return faults.SERVICE_TOO_SLOW
    if isinstance(error, AnswerTooLargeError | messages.HeaderError):
        return faults.SERVICE_ANSWER_INVALID
    return faults.SERVICE_ANSWER_CUT


def _plain(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
