"""Prepares the environment before Django looks at it; loaded with ``-p tests.environment``.

``PENDOPO_TEST_DATABASE_URL`` names a server to use; otherwise a private one is started for the run and
removed afterwards. ``PENDOPO_TEST_SUFFIX`` keeps two runs on one server apart.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

pytest_plugins = ["tests.logwatch", "tests.casenames"]

_STACK = ExitStack()
atexit.register(_STACK.close)


def _secret_file(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(data)
    return str(path)


def _database_url() -> str:
    given = os.environ.get("PENDOPO_TEST_DATABASE_URL")
    if given:
        return given
    from pendopo.entrypoints.postgres import temporary_server  # only where a server must be started

    return _STACK.enter_context(temporary_server())


def _prepare_environment() -> None:
    if "PENDOPO_STATE_DIR" in os.environ and os.environ.get("PYTEST_XDIST_WORKER"):
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pendopo.entrypoints.settings")
    state = Path(tempfile.mkdtemp(prefix="pendopo-test-"))
    _STACK.callback(shutil.rmtree, state, ignore_errors=True)
    os.environ.update(
        {
            "PENDOPO_PROFILE": "all",
            "PENDOPO_INSTANCE": "test" + os.environ.get("PENDOPO_TEST_SUFFIX", ""),
            "PENDOPO_STATE_DIR": str(state),
            "PENDOPO_CHECKPOINT_DIR": str(state / "checkpoints"),
            "PENDOPO_DATABASE_URL": _database_url(),
            "PENDOPO_DATABASE_POOL": "0",
            "PENDOPO_ROOT_KEY_FILE": _secret_file(state, "root.key", secrets.token_bytes(32)),
            "PENDOPO_SUBJECT_KEY_FILE": _secret_file(state, "subject.key", secrets.token_bytes(32)),
            "PENDOPO_GATEWAY_TOKEN_FILE": _secret_file(
                state, "gateway.token", secrets.token_hex(32).encode()
            ),
            "PENDOPO_PROVIDER_TOKEN_FILE": _secret_file(
                state, "provider.token", secrets.token_hex(32).encode()
            ),
            "PENDOPO_GATEWAY_URL": "http://127.0.0.1:9",
            "PENDOPO_EXCHANGE_CLIENT": "ID-DEMO/GOV/PEMDA-CONTOH/PENDOPO",
            "PENDOPO_BASE_URL": "http://localhost",
            "PENDOPO_DEMO": "1",
            "PENDOPO_LOG_FORMAT": "json",
        }
    )


_prepare_environment()


def pytest_runtest_setup() -> None:
    """Let no test inherit settings that another one read, nor bodies that were rolled back with it."""
    from pendopo.agencies import api as agencies  # the environment has to be there first
    from pendopo.foundation.settings import current  # same

    current.cache_clear()
    agencies.forget_ids()
