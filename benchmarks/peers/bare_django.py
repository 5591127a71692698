"""The framework's bound: a Django view without middleware that inserts one row, durably, and redirects.

Served by granian with the hall's numbers of workers and threads, on the hall's database server, over a pool
of connections like the hall's. As a module it is the WSGI application.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

from benchmarks.hall import CHECKOUT, Hall, free_port, load

WORKERS, THREADS = "2", "8"
WARM = 40
BODY = "csrfmiddlewaretoken=" + "b" * 32 + "&report.truthful=1"


def measure(hall: Hall, requests: int, connections: int) -> float:
    """Return requests a second."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", WORKERS, "--blocking-threads", THREADS, "--no-ws", "--log-level", "warning"),
        "benchmarks.peers.bare_django:application",
    ]
    server = subprocess.Popen(command, cwd=CHECKOUT, env=hall.environment | {"BENCHMARK_PEER": "1"})
    try:
        _wait(port)
        request = (
            f"POST /submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(BODY)}\r\n\r\n{BODY}"
        ).encode()
        load(port, [request] * WARM, connections=connections)
        told = load(port, [request] * requests, connections=connections)
    finally:
        server.terminate()
        server.wait(20)
    if told["statuses"] != {"303": requests}:
        message = f"the bare view answered {told['statuses']}"
        raise RuntimeError(message)
    return requests / float(told["seconds"])


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5)  # loopback
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "the bare view did not start"
    raise RuntimeError(message)


if os.environ.get("BENCHMARK_PEER"):
    from django.conf import settings

    from pendopo.foundation.database import django_options

    settings.configure(
        SECRET_KEY="only here",  # noqa: S106  # signs nothing
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {
                **django_options(os.environ["PENDOPO_DATABASE_URL"]),
                "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
            }
        },
    )
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
    from django.urls import path

    TABLE = "benchmark_bare"

    def _submit(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} (content) VALUES (%s)", [request.POST["report.truthful"]])  # noqa: S608  # ours
        return HttpResponseRedirect("/done", status=303)

    urlpatterns = [path("submit", _submit)]
    application = get_wsgi_application()
    with connection.cursor() as _cursor:
        _cursor.execute("SELECT pg_advisory_lock(1)")  # two workers, one table
        _cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigserial PRIMARY KEY, content text)")
        _cursor.execute("SELECT pg_advisory_unlock(1)")
    connection.close()
