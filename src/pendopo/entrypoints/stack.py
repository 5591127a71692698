"""The demonstration: two deployments, two gateways, mail, time stamps, prepared and running.

Nothing in it is a shortcut that production could not take: two databases with two roles, two root keys, the
two offices talk only through their gateways, and people enter the hall only by activation through the
exchange.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pendopo.entrypoints import assets, databases, deployments, gateways, memory, preparedness, servers
from pendopo.entrypoints.deployments import Deployment
from pendopo.entrypoints.errors import FrontDoorError
from pendopo.entrypoints.places import Place, make_folder, state_root
from pendopo.entrypoints.processes import Answers, Listens, Plan, Says, Supervisor, supervised
from pendopo.entrypoints.telling import Teller
from pendopo_partners.authority import open_authority

SEALING_BODY = "dukcapil"
CHECKPOINT_KEY = ["keys", "ensure", "checkpoint", "--algorithm", "Ed25519"]


class PreparationError(FrontDoorError):
    """A verb that prepares a deployment failed; the message has its words."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A running demonstration and where to find it."""

    here: Place
    ports: memory.Ports
    hall: Deployment
    population: Deployment
    supervisor: Supervisor

    @property
    def base_url(self) -> str:
        """Address of the hall as people type it."""
        return self.hall.settings["PENDOPO_BASE_URL"]

    @property
    def mail_folder(self) -> Path:
        """Where the mail server keeps what the hall sends."""
        return self.here.state / "mail"

    @property
    def cast_file(self) -> Path:
        """The demonstration's people with what they sign in with (0600)."""
        return self.hall.folder / "demo-people.json"

    @property
    def people_file(self) -> Path:
        """The population's people who have a part in the demonstration (0600)."""
        return self.hall.folder / "population-cast.json"

    @property
    def outputs(self) -> Path:
        """Where the walk leaves what it brought home."""
        return make_folder(self.here.state / "outputs")

    def verb(self, *words: str) -> str:
        """Run one verb in the hall's deployment and return what it printed; raises ``PreparationError``."""
        return run_verbs(self.hall, [list(words)])[0]


@contextmanager
def running_stack(here: Place, teller: Teller, given: str | None = servers.GIVEN) -> Iterator[Stack]:
    """Prepare what is missing, start everything, and yield once all of it is ready; stop all at the end.

    ``given`` is the operator's database server; a drill passes none and gets a server of its own.
    """
    with teller.step("style sheets and icons"):
        assets.ensure()
    claims = make_folder(state_root() / "ports")
    with (
        _entered(teller, "database server", servers.running_server(here, given)) as server,
        memory.held_ports(here.state, claims) as ports,
    ):
        for name in ports.moved:
            teller.say(f"  the port of {name} was taken; it is now {ports[name]}")
        stamp = preparedness.stamp(here.state, ports)
        hall, population = _deployments(here, ports, server, teller, stamp)
        is_prepared = stamp.is_good()
        if not is_prepared:
            stamp.clear()
            _prepare(here, ports, hall, population, teller)
        with supervised(make_folder(here.state / "logs")) as supervisor:
            stack = Stack(here, ports, hall, population, supervisor)
            _start(stack, teller)
            if not is_prepared:
                with teller.step("people of the demonstration"):
                    _introduce_officers(stack)
                stamp.set()
            yield stack


def plans(stack_ports: memory.Ports, hall: Deployment, population: Deployment, here: Place) -> list[Plan]:
    """Return the processes of the demonstration, in the order of starting."""
    ports = stack_ports
    python = [sys.executable, "-m"]
    cli = [*python, "pendopo.entrypoints.cli", "serve"]
    mail = ["--listen", ports.address("smtp"), "--folder", str(here.state / "mail")]
    stamps = ["--authority", str(here.state / "ca"), "--folder", str(here.state / "tsa")]
    tsa = [*python, "pendopo_partners.timestamps", "--listen", ports.address("tsa"), *stamps]
    register_web = [*cli, "register", "--port", str(ports["register"]), "--workers", "1"]

    def metrics(name: memory.PortName) -> list[str]:
        return ["--metrics-port", str(ports[name])]

    return [
        Plan("mail", [*python, "pendopo_partners.mail", *mail], hall.environment, Listens(ports["smtp"])),
        Plan("tsa", tsa, _bare_environment(), Listens(ports["tsa"])),
        Plan(
            "register-web",
            [*register_web, *metrics("register-metrics")],
            population.environment,
            _ready(ports, "register"),
        ),
        _gateway_plan(here, population, ports),
        _gateway_plan(here, hall, ports),
        Plan(
            "hall-web",
            [*cli, "web", "--port", str(ports["hall"]), *metrics("hall-metrics")],
            hall.environment,
            _ready(ports, "hall"),
        ),
        Plan(
            "hall-worker",
            [*cli, "worker", *metrics("hall-worker-metrics")],
            hall.environment,
            Says("worker_started"),
        ),
        Plan(
            "hall-live",
            [*cli, "live", "--port", str(ports["hall-live"]), *metrics("hall-live-metrics")],
            hall.environment,
            _ready(ports, "hall-live"),
        ),
        Plan(
            "register-worker",
            [*cli, "register-worker", *metrics("register-worker-metrics")],
            population.environment,
            Says("worker_started"),
        ),
    ]


def run_verbs(deployment: Deployment, commands: Sequence[Sequence[str]]) -> list[str]:
    """Run verbs in one process of a deployment; return what each printed. Raises ``PreparationError``."""
    finished = subprocess.run(
        [sys.executable, "-m", "pendopo.entrypoints.sequence"],
        check=False,
        env=deployment.environment | {"PENDOPO_DATABASE_POOL": "0"},
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        cwd="/",
    )
    results = [json.loads(line) for line in finished.stdout.splitlines() if line.startswith("{")]
    if finished.returncode != 0 or len(results) != len(commands):
        failed = " ".join(commands[min(len(results), len(commands) - 1)])
        words = "\n".join(f"  | {line}" for line in (finished.stderr or finished.stdout).splitlines()[-25:])
        message = (
            f"preparing the {deployment.name} failed at “{failed}” (code {finished.returncode})\n{words}"
        )
        raise PreparationError(message)
    return [str(result["output"]) for result in results]


@contextmanager
def _entered[T](teller: Teller, name: str, manager: AbstractContextManager[T]) -> Iterator[T]:
    """Time only the entering of a context manager."""
    with ExitStack() as stack:
        with teller.step(name):
            value = stack.enter_context(manager)
        yield value


def _deployments(
    here: Place, ports: memory.Ports, server: servers.RunningServer, teller: Teller, stamp: preparedness.Stamp
) -> tuple[Deployment, Deployment]:
    with teller.step("two databases, two roles"):
        urls = {}
        for name in deployments.NAMES:
            database = deployments.database_of(here, name, shared_server=server.is_shared)
            if databases.ensure(server.superuser_url, database):
                stamp.clear()
            urls[name] = databases.role_url(server.superuser_url, database)
        hall = deployments.hall(here, ports, urls["hall"])
        population = deployments.population(here, ports, urls["population"])
        hall.save()
        population.save()
    return hall, population


def _prepare(
    here: Place, ports: memory.Ports, hall: Deployment, population: Deployment, teller: Teller
) -> None:
    """Keys and gateways first, then both deployments at the same time: they do not know each other yet."""
    with teller.step("example authority, gateways' keys"):
        authority = open_authority(here.state / "ca", crl_base=f"http://{ports.address('tsa')}/crl")
        pair = [gateways.prepare(here.state, name, ports, authority) for name in deployments.NAMES]
        make_folder(hall.folder / "ca")
        (hall.folder / "ca" / "root.pem").write_text(authority.root_file.read_text())
    with teller.step("migrations, registers, catalogue, keys"), ThreadPoolExecutor(2) as pool:
        tasks = [
            pool.submit(run_verbs, population, [["migrate"], CHECKPOINT_KEY, ["registers", "seed"]]),
            pool.submit(run_verbs, hall, _hall_verbs(here, pair)),
        ]
        for task in tasks:
            task.result()


def _hall_verbs(here: Place, pair: Sequence[gateways.Gateway]) -> list[list[str]]:
    registry = gateways.registry_folder(here.state)
    servers_to_add = [
        [
            *("exchange", "server", "add", gateway.server_id, "--address", gateway.peer_address),
            *("--certificate", str(gateway.certificate)),
            *("--signing-key", str(gateway.signing_public_key)),
        ]
        for gateway in pair
    ]
    return [
        ["migrate"],
        ["agencies", "seed-demo"],
        ["keys", "ensure", "oidc"],
        CHECKPOINT_KEY,
        ["keys", "ensure", "definition", "--algorithm", "Ed25519"],
        ["keys", "ensure", "document-qr", "--algorithm", "Ed25519"],
        ["demo-seal", SEALING_BODY],
        ["exchange", "load"],
        *servers_to_add,
        ["exchange", "snapshot", "--out", str(registry)],
        ["catalogue", "publish", "dukcapil/akta-kelahiran"],
    ]


def _start(stack: Stack, teller: Teller) -> None:
    with teller.step("all processes ready"), ThreadPoolExecutor(1) as pool:
        started = [
            stack.supervisor.start(plan)
            for plan in plans(stack.ports, stack.hall, stack.population, stack.here)
        ]
        cast = pool.submit(ask_for_cast, stack)
        for process in started:
            process.wait_ready()
        cast.result()


def ask_for_cast(stack: Stack) -> None:
    """Let the population office name the people who have a part; who registered a birth already is marked."""
    (people,) = run_verbs(stack.population, [["registers", "demo-cast", "--json"]])
    stack.people_file.touch(mode=0o600)
    stack.people_file.write_text(people)


def _introduce_officers(stack: Stack) -> None:
    """Bring the officers in through the exchange, like anybody, with posts, a meeting and evaluations."""
    files = ["--cast", str(stack.people_file), "--out", str(stack.cast_file)]
    meeting = ["cabinet", "seed-demo", "--people", str(stack.cast_file)]
    evaluations = ["maturity", "seed-demo", "--people", str(stack.cast_file)]
    run_verbs(stack.hall, [["identity", "seed-demo", *files], meeting, evaluations])


def _gateway_plan(here: Place, deployment: Deployment, ports: memory.Ports) -> Plan:
    folder = here.state / "gateways" / deployment.name
    command = [sys.executable, "-m", "pendopo_gateway", "--config", str(folder / "gateway.toml")]
    address = ports.address(gateways.LISTENERS[deployment.name][0])
    return Plan(
        f"gateway-{deployment.name}", command, _bare_environment(), Answers(f"http://{address}/readyz")
    )


def _bare_environment() -> dict[str, str]:
    """What a process that is not the hall's gets: no settings, no password of the database."""
    return {name: os.environ[name] for name in deployments.INHERITED if name in os.environ}


def _ready(ports: memory.Ports, name: memory.PortName) -> Answers:
    return Answers(f"http://{ports.address(name)}/readyz")
