"""The provider's information system of the exchange benchmark: answers at once, keeps nothing.

``python -m benchmarks.peers.stub_office PORT``; also the bound: the same client straight to it, no gateway.
"""

import sys

from aiohttp import web

ANSWER = b'{"name": "Siti Aminah"}'


async def persons(request: web.Request) -> web.Response:
    """Read the question, give the answer."""
    await request.read()
    headers = {"X-Exchange-Subjects": "mother", "X-Exchange-Fields": "name"}
    return web.Response(body=ANSWER, content_type="application/json", headers=headers)


if __name__ == "__main__":
    application = web.Application()
    application.router.add_post("/population/v1/persons", persons)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=lambda *_: None)
