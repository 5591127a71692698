"""What the catalogue refuses, and why."""

from pendopo.catalogue.definition.faults import Fault
from pendopo.kernel.errors import Conflict, Invalid, NotFound


class CatalogueError(Invalid):
    """Root of the refusals of this room."""

    code = "catalogue.error"
    text_key = "catalogue.errors.error"


class ServiceNotFound(NotFound):
    """No published service has this agency and code, or no version has this id."""

    code = "catalogue.service_not_found"
    text_key = "catalogue.errors.service_not_found"


class DefinitionInvalid(CatalogueError):
    """A definition cannot be read. ``faults`` say file, line and reason, all of them at once."""

    code = "catalogue.definition_invalid"
    text_key = "catalogue.errors.definition_invalid"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep every fault; the message lists them."""
        super().__init__("\n".join(str(fault) for fault in faults), count=len(faults))
        self.faults = faults


class ProofsFailed(CatalogueError):
    """A definition is readable but not proved, so it is not published. ``failed`` names the proofs."""

    code = "catalogue.proofs_failed"
    text_key = "catalogue.errors.proofs_failed"

    def __init__(self, failed: tuple[str, ...]) -> None:
        """Keep the names of the proofs that did not pass."""
        super().__init__(f"proofs failed: {', '.join(failed)}", proofs=", ".join(failed))
        self.failed = failed


class VersionConflict(Conflict):
    """Another text was already published under this version number; versions never change."""

    code = "catalogue.version_conflict"
    text_key = "catalogue.errors.version_conflict"


class VersionTampered(CatalogueError):
    """A stored version no longer matches its hash or signature. It is not served."""

    code = "catalogue.version_tampered"
    status = 500
    text_key = "catalogue.errors.version_tampered"
