"""Outside parties that speak the real protocols and are not the real parties: for demonstration and tests.

Everything here says CONTOH (example) where people can read it, and refuses to work for a production
deployment. Imports nothing of Pendopo's rooms.
"""

import os


class ProductionRefusedError(RuntimeError):
    """A stand-in was asked to serve a production deployment."""


def refuse_production() -> None:
    """Raise ``ProductionRefusedError`` when the environment describes a production deployment."""
    if os.environ.get("PENDOPO_PRODUCTION", "0").lower() in {"1", "true", "yes"}:
        message = "the stand-ins for outside parties do not serve a production deployment"
        raise ProductionRefusedError(message)
