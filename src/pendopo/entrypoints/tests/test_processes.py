"""The supervisor: readiness, death that is told, a stop that leaves nothing, ports that stay."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pendopo.entrypoints import memory
from pendopo.entrypoints.processes import (
    Answers,
    Listens,
    Plan,
    ProcessDiedError,
    Readiness,
    Says,
    supervised,
    tail,
)

ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
STUBBORN = DEAF + "print('up', flush=True); time.sleep(99)"


def plan(script: str, ready: Readiness | None = None) -> Plan:
    return Plan("trial", [sys.executable, "-u", "-c", script], ENVIRONMENT, ready or Says("up"))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_alive(pid)


def test_a_process_is_awaited_and_stopped(tmp_path: Path) -> None:
    with supervised(tmp_path) as supervisor:
        process = supervisor.start(plan("import time; print('up'); time.sleep(99)"))
        process.wait_ready()
        assert is_alive(process.handle.pid)
    assert wait_gone(process.handle.pid)
    assert process.handle.returncode == -signal.SIGTERM


def test_an_interrupt_is_heard_where_a_shell_had_it_ignored(tmp_path: Path) -> None:
    """``./pendopo up &`` in a script: the shell starts it with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt), supervised(tmp_path):
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_readiness_counts_only_what_is_said_after_the_start(tmp_path: Path) -> None:
    (tmp_path / "trial.log").write_text("up\n")
    with supervised(tmp_path) as supervisor:
        process = supervisor.start(plan("import time; time.sleep(99)"))
        with pytest.raises(ProcessDiedError, match="not ready after"):
            process.wait_ready(seconds=0.5)


def test_a_death_is_told_with_the_end_of_the_log(tmp_path: Path) -> None:
    with supervised(tmp_path) as supervisor:
        process = supervisor.start(plan("print('up'); import sys; sys.exit('the reason of death')"))
        with pytest.raises(ProcessDiedError, match=r"trial ended with code 1(.|\n)*the reason of death"):
            supervisor.watch(seconds=0.05)
        assert process.handle.returncode == 1


def test_one_that_does_not_listen_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pendopo.entrypoints.processes.STOP_SECONDS", 0.5)
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]).wait()"
    with supervised(tmp_path) as supervisor:
        process = supervisor.start(
            plan(f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{script}")
        )
        process.wait_ready()
        children = Path(f"/proc/{process.handle.pid}/task/{process.handle.pid}/children")
        grandchild = int(children.read_text().split()[0])
    assert wait_gone(process.handle.pid)
    assert wait_gone(grandchild)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word about a dead parent is Linux's")
def test_children_go_when_we_are_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pendopo.entrypoints.processes import Plan, Says, Supervisor\n"
        "supervisor = Supervisor(Path(sys.argv[1]))\n"
        "words = [sys.executable, '-u', '-c', 'import time; print(\"up\"); time.sleep(99)']\n"
        "process = supervisor.start(Plan('trial', words, dict(os.environ), Says('up')))\n"
        "process.wait_ready()\n"
        "print(process.handle.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=ENVIRONMENT)
    assert ended.returncode == -signal.SIGKILL
    assert wait_gone(int(ended.stdout))


def test_a_restarted_process_follows_the_same_plan(tmp_path: Path) -> None:
    with supervised(tmp_path) as supervisor:
        first = supervisor.start(plan("import time; print('up'); time.sleep(99)"))
        first.wait_ready()
        second = supervisor.restart(first)
        second.wait_ready()
        assert wait_gone(first.handle.pid)
        assert [process.handle.pid for process in supervisor.processes] == [second.handle.pid]


def test_http_and_port_readiness(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    script = f"""
import http.server
http.server.test(http.server.SimpleHTTPRequestHandler, port={port}, bind="127.0.0.1")
"""
    with supervised(tmp_path) as supervisor:
        process = supervisor.start(plan(script, Answers(f"http://127.0.0.1:{port}/")))
        assert not Listens(port).holds(process)
        process.wait_ready()
        assert Listens(port).holds(process)
        assert not Answers(f"http://127.0.0.1:{port}/no-such-file").holds(process)


def test_the_end_of_a_long_log(tmp_path: Path) -> None:
    log = tmp_path / "long.log"
    log.write_text("\n".join(str(number) for number in range(100_000)))
    assert "99999" in tail(log)
    assert "  | 50\n" not in tail(log)
    assert tail(tmp_path / "none.log") == "  (no log)"


def test_no_port_is_one_that_the_system_gives_to_a_connection(tmp_path: Path) -> None:
    with memory.held_ports(tmp_path, tmp_path) as held:
        assert max(held.by_name.values()) < 32768


def test_ports_stay_and_one_that_was_taken_moves(tmp_path: Path) -> None:
    with memory.held_ports(tmp_path, tmp_path) as first:
        assert len(set(first.by_name.values())) == len(memory.PORT_NAMES)
    with memory.held_ports(tmp_path, tmp_path) as again:
        assert again == first
        assert memory.remembered_ports(tmp_path) == first
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first["hall"]))
        taken.listen()
        with memory.held_ports(tmp_path, tmp_path) as second:
            assert second.moved == ("hall",)
            assert second["hall"] != first["hall"]


def test_two_instances_that_start_together_never_share_a_port(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with (
        memory.held_ports(tmp_path / "a", tmp_path) as one,
        memory.held_ports(tmp_path / "b", tmp_path) as other,
    ):
        assert not set(one.by_name.values()) & set(other.by_name.values())
    shutil.copy(tmp_path / "a" / "ports.json", tmp_path / "b" / "ports.json")
    with (
        memory.held_ports(tmp_path / "a", tmp_path) as one,
        memory.held_ports(tmp_path / "b", tmp_path) as other,
    ):
        assert one.moved == ()
        assert not set(one.by_name.values()) & set(other.by_name.values())


def test_a_broken_memory_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{")
    assert memory.remembered_ports(tmp_path) is None
    with memory.held_ports(tmp_path, tmp_path) as ports:
        assert ports.moved == ()
