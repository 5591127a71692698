"""The provider's information system: a real HTTP server that keeps what it was asked, and can misbehave."""

import asyncio
import json
from dataclasses import dataclass, field

from aiohttp import web

TOKEN = "provider-token-0123456789-0123456789"


@dataclass
class Office:
    """A population office in miniature."""

    port: int
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    delay: float = 0.0
    runner: web.AppRunner | None = None

    async def start(self) -> None:
        application = web.Application()
        application.router.add_post("/population/v1/persons", self._persons)
        application.router.add_post("/population/v1/births", self._births)
        application.router.add_get("/population/v1/cut", self._cut)
        application.router.add_get("/population/v1/large", self._large)
        application.router.add_get("/population/v1/wrong", self._wrong)
        application.router.add_get("/population/v1/away", self._away)
        application.router.add_get("/population/v1/empty", self._empty)
        self.runner = web.AppRunner(application, access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        if self.runner is not None:
            await self.runner.cleanup()
            self.runner = None

    async def _keep(self, request: web.Request) -> bytes:
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append((request.method, request.raw_path, headers, body))
        await asyncio.sleep(self.delay)
        return body

    async def _persons(self, request: web.Request) -> web.Response:
        await self._keep(request)
        return web.json_response(
            {"name": "Siti Aminah"},
            headers={
                "X-Exchange-Subjects": "mother, child",
                "X-Exchange-Fields": "name",
                "X-Road-Error": "forged",
                "Set-Cookie": "a=b",
                "Cache-Control": "no-store",
            },
        )

    async def _births(self, request: web.Request) -> web.Response:
        body = json.loads(await self._keep(request))
        return web.json_response({"error": "unknown mother"}, status=body.get("status", 201))

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        await self._keep(request)
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport is not None
        request.transport.close()
        return response

    async def _large(self, request: web.Request) -> web.Response:
        await self._keep(request)
        return web.Response(body=b"x" * 300_000)

    async def _wrong(self, request: web.Request) -> web.Response:
        await self._keep(request)
        return web.Response(headers={"X-Exchange-Subjects": "not a name; at all"})

    async def _away(self, request: web.Request) -> web.Response:
        await self._keep(request)
        return web.Response(status=302, headers={"Location": "/population/v1/persons"})

    async def _empty(self, request: web.Request) -> web.Response:
        await self._keep(request)
        return web.Response(status=204)
