"""A hall of the benchmarks' own: started by ``./pendopo up``, reached by HTTP, never anybody's real one."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from benchmarks import machine

CHECKOUT = Path(__file__).parents[1]
RUNNING = "PENDOPO_BENCH_RUNNING"
"""Names the state folder of a hall that runs already (and that may be filled with benchmark people)."""
START_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Hall:
    """A running demonstration stack."""

    state: Path

    @property
    def ports(self) -> dict[str, int]:
        """Loopback ports by name."""
        return dict(json.loads((self.state / "ports.json").read_text()))

    @property
    def origin(self) -> str:
        """What browsers send as Origin."""
        return self.settings["PENDOPO_BASE_URL"]

    @property
    def settings(self) -> dict[str, str]:
        """The hall's settings, as ``up`` saved them."""
        return dict(json.loads((self.state / "hall" / "settings.json").read_text()))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process inside the hall."""
        own = {"DJANGO_SETTINGS_MODULE": "pendopo.entrypoints.settings", "PENDOPO_DATABASE_POOL": "0"}
        return dict(os.environ) | self.settings | own

    def inside(self, module: str, *words: str, given: str = "") -> Any:
        """Run a module of the benchmarks inside the hall; return the JSON that it printed."""
        command = [sys.executable, "-m", module, *words]
        return json.loads(_said(command, self.environment, given))

    def parts(self) -> dict[str, list[psutil.Process]]:
        """Return the processes of the hall by what they do."""
        postmaster = int((self.state / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        found = {"database": machine.with_children(psutil.Process(postmaster))}
        markers = {
            "web": f"granian --interface wsgi --host 127.0.0.1 --port {self.ports['hall']}",
            "register": f"granian --interface wsgi --host 127.0.0.1 --port {self.ports['register']}",
            "worker": "pendopo.entrypoints.cli serve worker",
            "gateways": f"pendopo_gateway --config {self.state}",
        }
        for process in psutil.process_iter():
            try:
                command, home = " ".join(process.cmdline()), process.environ().get("PENDOPO_HOME", "")
            except (psutil.AccessDenied, psutil.NoSuchProcess):
                continue
            for part, marker in markers.items():
                if marker in command and (home == str(self.state) or part == "gateways"):
                    found.setdefault(part, []).extend(machine.with_children(process))
        return {part: list(dict.fromkeys(processes)) for part, processes in found.items()}


@contextmanager
def running_hall(state: Path) -> Iterator[Hall]:
    """Start a fresh hall in ``state`` and stop it at the end, or use the one that ``RUNNING`` names."""
    given = os.environ.get(RUNNING)
    if given:
        yield Hall(Path(given))
        return
    environment = dict(os.environ) | {"PENDOPO_HOME": str(state), "PENDOPO_INSTANCE": state.name}
    process = subprocess.Popen(
        [sys.executable, "-m", "pendopo.entrypoints.cli", "up", "--no-walk", "--fresh", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None  # noqa: S101  # asked for above
        line = process.stdout.readline()
        if not line or json.loads(line)["main_job"] != "ok":
            message = f"the hall did not start: {line}"
            raise RuntimeError(message)
        yield Hall(state)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def load(hall_port: int, requests: Sequence[bytes], **more: Any) -> dict[str, Any]:
    """Run the load client in its own process; return what it tells."""
    plan = {
        "host": "127.0.0.1",
        "port": hall_port,
        "requests": [request.decode("latin-1") for request in requests],
        **more,
    }
    return dict(
        json.loads(_said([sys.executable, "-m", "benchmarks.load"], dict(os.environ), json.dumps(plan)))
    )


def _said(command: Sequence[str], environment: Mapping[str, str], given: str) -> str:
    finished = subprocess.run(
        command, check=False, cwd=CHECKOUT, env=dict(environment), input=given, capture_output=True, text=True
    )
    if finished.returncode != 0:
        message = f"{' '.join(command[-3:])} ended with {finished.returncode}\n{finished.stderr[-3000:]}"
        raise RuntimeError(message)
    return finished.stdout
