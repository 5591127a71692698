"""What can go wrong with bodies and posts."""

from pendopo.kernel.errors import PendopoError


class AgenciesError(PendopoError):
    """Base of this room."""

    code = "agencies.error"
    status = 500
    text_key = "agencies.errors.error"


class UnknownBody(AgenciesError):
    """No public body has this code or id, or the actor may not know that it has."""

    code = "agencies.unknown-body"
    status = 404
    text_key = "agencies.errors.unknown_body"


class UnknownUnit(AgenciesError):
    """The body has no such unit."""

    code = "agencies.unknown-unit"
    status = 404
    text_key = "agencies.errors.unknown_unit"


class UnknownPost(AgenciesError):
    """There is no such post, it has ended, or it belongs to a body that the actor may not manage."""

    code = "agencies.unknown-post"
    status = 404
    text_key = "agencies.errors.unknown_post"


class CodeTaken(AgenciesError):
    """Another body (or unit of the body) has this code or exchange member already."""

    code = "agencies.code-taken"
    status = 409
    text_key = "agencies.errors.code_taken"


class InvalidCode(AgenciesError):
    """A code is lower-case letters, digits and single hyphens, 2 to 48 characters."""

    code = "agencies.invalid-code"
    status = 422
    text_key = "agencies.errors.invalid_code"


class UnknownPermission(AgenciesError):
    """A post was to carry a permission that no room declares."""

    code = "agencies.unknown-permission"
    status = 422
    text_key = "agencies.errors.unknown_permission"
