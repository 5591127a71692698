"""The consumer's side: our information systems ask, the gateway signs, records, sends and checks the answer.

In this order: which information system asks (token), for which client (its own), what (the target in its
one spelling), why (purpose and legal basis that an agreement permits). Then the signed question is on
disk; then it goes to a gateway of the provider, and to the next one if no connection can be made; then
the answer's signature is checked and the answer is on disk; then the information system gets it.
"""

import asyncio
import hmac
import re
import secrets
import time
from datetime import UTC, datetime

import msgspec
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from opentelemetry.trace import SpanKind

from pendopo.kernel.ids import uuid7
from pendopo_gateway import faults, feed, logs, messages, metaservices, metrics, problems
from pendopo_gateway.config import ClientSystem, Config
from pendopo_gateway.errors import ExchangeError, JournalFailed
from pendopo_gateway.evidence import Evidence, Look, Question, milliseconds, names
from pendopo_gateway.journal import Journal
from pendopo_gateway.registry import Registry
from pendopo_gateway.transport import Answer, AnswerLostError, Message, NotSentError, PeerClient
from pendopo_wire import signatures
from pendopo_wire.access import Side
from pendopo_wire.errors import IdentifierError, SignatureError, TargetError
from pendopo_wire.identifiers import SubsystemId
from pendopo_wire.paths import METHODS, Target
from pendopo_wire.signatures import Request, Response, Window
from pendopo_wire.snapshot import Permit, Refusal, Server, Snapshot
from pendopo_wire.snapshot import Question as Asked

_KEPT = (*signatures.RESPONSE_HEADERS, *messages.SIGNATURE)
_MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,255}")
_BEARER = "Bearer "
_FROM_SYSTEM = tuple(
    name
    for name in signatures.REQUEST_HEADERS
    if name not in {"content-digest", "x-road-client", "x-road-id"}
)
_ERROR_CODE = re.compile(r"(?:client|Client|server\.serverproxy|Server\.ServerProxy)\.[A-Za-z_.]{1,100}")
_REFUSALS = {
    Refusal.UNKNOWN_SERVICE: faults.UNKNOWN_SERVICE_HERE,
    Refusal.UNKNOWN_CLIENT: faults.INVALID_CLIENT,
}


class Call(msgspec.Struct, frozen=True):
    """What an information system asks, checked as far as it can be without the registry."""

    target: Target
    client: SubsystemId
    method: str
    headers: dict[str, str]
    body: bytes


class Sent(msgspec.Struct, frozen=True):
    """A signed question on its way to one gateway; ``question`` is ``None`` for a metaservice."""

    exchange: str
    request: Request
    server: Server
    client: str
    message: str
    service: str
    question: Question | None

    def expected(self) -> dict[str, str]:
        """What an answer must say of the question (X-Road's rule, beside the signature's own binding)."""
        return {
            "x-road-client": self.client,
            "x-road-id": self.message,
            "x-road-service": self.service,
            "x-road-request-id": self.exchange,
        }


class ConsumerSide:
    """Answers the information systems of this gateway."""

    def __init__(self, config: Config, *, registry: Registry, journal: Journal, peers: PeerClient) -> None:
        self._config = config
        self._registry = registry
        self._journal = journal
        self._evidence = Evidence(journal, config.signing)
        self._peers = peers

    async def handle(self, request: web.Request) -> web.Response:
        """``/r1/…``: one exchange."""
        shared = self._config.tracing
        parent = shared.from_system(request.headers.items())
        with (
            metrics.exchange(Side.CONSUMER) as outcome,
            shared.span("exchange ask", SpanKind.SERVER, parent) as span,
        ):
            response = await self._handled(request, outcome)
            span.set_attribute("pendopo.outcome", outcome.word)
            return response

    async def _handled(self, request: web.Request, outcome: metrics.Outcome) -> web.Response:
        try:
            response = await self._exchange(request)
        except ExchangeError as error:
            failure = error
        except JournalFailed:
            failure = ExchangeError(faults.LOG_FAILED_HERE)
        except Exception as error:  # noqa: BLE001  # the outermost edge: report it and keep serving
            logs.failure("consumer.failed", error)
            failure = ExchangeError(faults.INTERNAL_HERE)
        else:
            if problems.HEADER in response.headers:
                outcome.refused()
            return response
        outcome.failed(failure.fault)
        return self._problem(failure)

    async def list_clients(self, _request: web.Request) -> web.Response:
        """``/listClients``: members and subsystems of the instance."""
        snapshot = self._registry.current()
        if snapshot is None:
            return self._problem(ExchangeError(faults.REGISTRY_STALE_HERE))
        return web.Response(body=metaservices.list_clients(snapshot), content_type=metaservices.MEDIA_TYPE)

    async def access_records(self, request: web.Request) -> web.Response:
        """``/accessRecords``: records that this gateway wrote of the asking system's own exchanges."""
        try:
            system = self._authenticated(request)
        except ExchangeError as error:
            return self._problem(error)
        after, limit = request.query.get("after", ""), request.query.get("limit", "100")
        reader = feed.of_systems(system.subsystems)
        page = await asyncio.to_thread(feed.page, self._journal, after=after, limit=limit, reader=reader)
        if page is None:
            return self._problem(ExchangeError(faults.BAD_REQUEST, "after or limit"))
        return web.Response(body=msgspec.json.encode(page), content_type=metaservices.MEDIA_TYPE)

    async def _exchange(self, request: web.Request) -> web.Response:
        call = await self._call(request, self._authenticated(request))
        snapshot = self._registry.current()
        if snapshot is None:
            raise ExchangeError(faults.REGISTRY_STALE_HERE)
        permit = None if call.target.service.is_metaservice else _permit(call, snapshot)
        subsystem = snapshot.subsystem(call.target.service.subsystem)
        if subsystem is None or snapshot.subsystem(call.client) is None:
            fault = faults.UNKNOWN_SERVICE_HERE if subsystem is None else faults.INVALID_CLIENT
            raise ExchangeError(fault)
        failure = ExchangeError(faults.UNKNOWN_MEMBER)
        for identifier in subsystem.servers:
            server = snapshot.server(identifier)
            if server is None:
                continue
            try:
                return await self._ask(call, permit, server, snapshot)
            except NotSentError as error:
                failure = ExchangeError(faults.PEER_UNREACHABLE, str(error))
        raise failure

    def _authenticated(self, request: web.Request) -> ClientSystem:
        given = request.headers.get("Authorization", "")
        token = (
            given.removeprefix(_BEARER).encode("utf-8", "surrogateescape")
            if given.startswith(_BEARER)
            else b""
        )
        known = [
            client for client in self._config.clients if hmac.compare_digest(client.token.encode(), token)
        ]
        if not known:
            raise ExchangeError(faults.SYSTEM_NOT_AUTHENTICATED)
        return known[0]

    async def _call(self, request: web.Request, system: ClientSystem) -> Call:
        try:
            target = Target.parse(request.raw_path)
        except TargetError as error:
            raise ExchangeError(faults.BAD_TARGET, str(error)) from error
        client = _client(request)
        if client not in system.subsystems:
            raise ExchangeError(faults.CLIENT_NOT_ITS_OWN)
        if request.method not in METHODS:
            raise ExchangeError(faults.BAD_REQUEST, "method")
        return Call(target, client, request.method, self._headers(request, client), await self._body(request))

    def _headers(self, request: web.Request, client: SubsystemId) -> dict[str, str]:
        try:
            headers = messages.collect(messages.raw_headers(request), _FROM_SYSTEM)
            messages.check_names(headers, "x-exchange-subject")
        except messages.HeaderError as error:
            raise ExchangeError(faults.BAD_REQUEST, str(error)) from error
        identifier = request.headers.get("X-Road-Id") or f"{client.member.instance}-{uuid7()}"
        if _MESSAGE_ID.fullmatch(identifier) is None:
            raise ExchangeError(faults.BAD_REQUEST, "x-road-id")
        return {**headers, "x-road-client": str(client), "x-road-id": identifier}

    async def _body(self, request: web.Request) -> bytes:
        try:
            if request.content.is_eof():  # all of it has come: nothing to wait for
                return await request.read()
            async with asyncio.timeout(self._config.limits.peer_seconds):
                return await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            raise ExchangeError(faults.BODY_TOO_LARGE) from error
        except (web.HTTPException, OSError, TimeoutError) as error:
            raise ExchangeError(faults.BAD_REQUEST, "body") from error

    async def _ask(
        self, call: Call, permit: Permit | None, server: Server, snapshot: Snapshot
    ) -> web.Response:
        sent = self._sign(call, permit, server)
        if sent.question is not None:
            await self._evidence.asked(sent.question)
        try:
            trace = self._config.tracing.to_peer(server.id.member)
            message = Message(call.method, sent.request.target_uri, sent.request.headers + trace, call.body)
            answer = await self._peers.send(server, message)
        except NotSentError:
            await self._ended(sent, error=faults.PEER_UNREACHABLE.code())
            raise
        except AnswerLostError as error:
            await self._ended(sent, error=faults.PEER_ANSWER_LOST.code(), look=Look(None))
            raise ExchangeError(faults.PEER_ANSWER_LOST, type(error).__name__) from error
        except BaseException:
            # Also when this task is cancelled: the question was out, so the look is recorded.
            await asyncio.shield(self._ended(sent, error="interrupted", look=Look(None)))
            raise
        return await self._answered(sent, answer, snapshot)

    def _sign(self, call: Call, permit: Permit | None, server: Server) -> Sent:
        signing, limits = self._config.signing, self._config.limits
        headers = {**call.headers, "content-digest": signatures.content_digest(call.body)}
        target = str(call.target)
        plain = Request(call.method, f"https://{server.address}{target}", tuple(headers.items()))
        created, nonce = int(time.time()), secrets.token_urlsafe(16)
        expires = created + limits.signature_seconds
        added, exchange = signatures.sign_and_name_request(
            plain, key=signing.private, keyid=signing.id, created=created, expires=expires, nonce=nonce
        )
        request = Request(plain.method, plain.target_uri, plain.headers + added)
        service = str(call.target.service)
        sent = Sent(exchange, request, server, headers["x-road-client"], headers["x-road-id"], service, None)
        if permit is None:
            return sent
        question = Question(
            at=milliseconds(),
            side=Side.CONSUMER.value,
            exchange=exchange,
            keyid=signing.id,
            nonce=nonce,
            expires=expires,
            peer=str(server.id),
            agreement=permit.agreement.id,
            endpoint=permit.endpoint.path,
            method=request.method,
            target_uri=request.target_uri,
            target=target,
            headers=list(request.headers),
        )
        return msgspec.structs.replace(sent, question=question)

    async def _answered(self, sent: Sent, answer: Answer, snapshot: Snapshot) -> web.Response:
        try:
            kept = messages.collect(answer.headers, _KEPT)
            self._verify(sent, answer, kept, snapshot)
        except (SignatureError, messages.HeaderError) as error:
            return await self._untrusted(sent, answer, error)
        headers = {name: value for name, value in kept.items() if name not in messages.SIGNATURE}
        await self._ended(
            sent,
            status=answer.status,
            error=headers.get(problems.HEADER),
            headers=list(kept.items()),
            look=_look(answer.status, headers),
        )
        return web.Response(status=answer.status, headers=headers, body=answer.body)

    def _verify(self, sent: Sent, answer: Answer, given: dict[str, str], snapshot: Snapshot) -> None:
        def find(keyid: str) -> EllipticCurvePublicKey | None:
            owner = snapshot.signing_key(keyid)
            return owner.public_key if owner and owner.server.id == sent.server.id else None

        limits = self._config.limits
        window = Window(int(time.time()), limits.signature_seconds, limits.clock_skew_seconds)
        response = Response(answer.status, answer.headers)
        signatures.verify_response(response, answer.body, sent.request, keys=find, window=window)
        if any(given.get(name) != value for name, value in sent.expected().items()):
            raise SignatureError("the answer names another client, message, service or request")

    async def _untrusted(self, sent: Sent, answer: Answer, error: Exception) -> web.Response:
        """An answer without a good signature: a refusal is passed on as what it is, anything else is not."""
        code = next((value for name, value in answer.headers if name.lower() == problems.HEADER), "")
        kind = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
        if not _ERROR_CODE.fullmatch(code) or kind != problems.MEDIA_TYPE or answer.status not in {400, 500}:
            await self._ended(sent, error=faults.PEER_ANSWER_INCONSISTENT.code(), look=Look(None))
            raise ExchangeError(faults.PEER_ANSWER_INCONSISTENT, str(error)) from error
        await self._ended(sent, error=code)
        headers = {problems.HEADER: code, "content-type": kind}
        return web.Response(status=answer.status, headers=headers, body=answer.body)

    async def _ended(
        self,
        sent: Sent,
        *,
        status: int | None = None,
        error: str | None = None,
        headers: list[signatures.Header] | None = None,
        look: Look | None = None,
    ) -> None:
        if sent.question is not None:
            await self._evidence.ended(
                sent.question, status=status, error=error, headers=headers or [], look=look
            )

    def _problem(self, error: ExchangeError) -> web.Response:
        number = str(uuid7())
        code = error.fault.code(self._config.spelling)
        logs.info("exchange.refused", side=Side.CONSUMER.value, code=code, detail=error.detail, number=number)
        document = problems.problem(error, number=number, spelling=self._config.spelling)
        headers = {problems.HEADER: code, "content-type": problems.MEDIA_TYPE}
        return web.Response(status=error.fault.status, headers=headers, body=msgspec.json.encode(document))


def _client(request: web.Request) -> SubsystemId:
    """The asking subsystem; of several headers the last counts, as in X-Road."""
    try:
        return SubsystemId.parse(request.headers.getall("X-Road-Client", [""])[-1])
    except IdentifierError as error:
        raise ExchangeError(faults.INVALID_CLIENT, str(error)) from error


def _permit(call: Call, snapshot: Snapshot) -> Permit:
    purpose, basis = (call.headers.get(name, "") for name in ("x-exchange-purpose", "x-exchange-legal-basis"))
    if not purpose or not basis:
        raise ExchangeError(faults.PURPOSE_MISSING)
    asked = Asked(call.client, call.target.service, call.method, call.target.segments, purpose, basis)
    judged = snapshot.judge(asked, datetime.now(UTC))
    if isinstance(judged, Refusal):
        raise ExchangeError(_REFUSALS.get(judged, faults.NOT_AGREED_HERE), judged.value)
    return judged


def _look(status: int, headers: dict[str, str]) -> Look | None:
    code = headers.get(problems.HEADER)
    if code is None:
        subjects, fields = (names(headers.get(f"x-exchange-{kind}", "")) for kind in ("subjects", "fields"))
        return Look(status, subjects, fields)
    return Look(None) if code in faults.LOOK_POSSIBLE else None
