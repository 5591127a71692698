"""The table of named failures: one constant for each, grouped by hop. Sentences are in ``text/``."""

from pendopo_gateway.errors import Fault, Hop

_CONSUMER, _PROVIDER, _SERVICE = Hop.CONSUMER_GATEWAY, Hop.PROVIDER_GATEWAY, Hop.PROVIDER_SERVICE

# What the asking information system did wrong.
BAD_REQUEST = Fault(_CONSUMER, "bad_request", "BadRequest", "bad_request", is_client_fault=True)
BAD_TARGET = Fault(_CONSUMER, "bad_request", "BadRequest", "bad_target", is_client_fault=True)
BODY_TOO_LARGE = Fault(_CONSUMER, "bad_request", "BadRequest", "body_too_large", is_client_fault=True)
INVALID_CLIENT = Fault(
    _CONSUMER, "invalid_client_identifier", "InvalidClientIdentifier", "invalid_client", is_client_fault=True
)
PURPOSE_MISSING = Fault(_CONSUMER, "bad_request", "BadRequest", "purpose_missing", is_client_fault=True)

# At the consumer's gateway.
SYSTEM_NOT_AUTHENTICATED = Fault(
    _CONSUMER, "ssl_authentication_failed", "SslAuthenticationFailed", "system_not_authenticated"
)
CLIENT_NOT_ITS_OWN = Fault(_CONSUMER, "access_denied", "AccessDenied", "client_not_its_own")
NOT_AGREED_HERE = Fault(_CONSUMER, "access_denied", "AccessDenied", "not_agreed")
UNKNOWN_SERVICE_HERE = Fault(_CONSUMER, "unknown_service", "UnknownService", "unknown_service")
UNKNOWN_MEMBER = Fault(_CONSUMER, "unknown_member", "UnknownMember", "unknown_member")
REGISTRY_STALE_HERE = Fault(_CONSUMER, "global_conf_outdated", "OutdatedGlobalConf", "registry_stale")
LOG_FAILED_HERE = Fault(_CONSUMER, "logging_failed", "LoggingFailed", "log_failed")
PEER_UNREACHABLE = Fault(_CONSUMER, "network_error", "NetworkError", "peer_unreachable")
PEER_ANSWER_LOST = Fault(_CONSUMER, "io_error", "IOError", "peer_answer_lost")
PEER_ANSWER_INCONSISTENT = Fault(
    _CONSUMER, "inconsistent_response", "InconsistentResponse", "peer_answer_inconsistent"
)
INTERNAL_HERE = Fault(_CONSUMER, "internal_error", "InternalError", "internal")

# At the provider's gateway.
PEER_NOT_AUTHENTICATED = Fault(
    _PROVIDER, "ssl_authentication_failed", "SslAuthenticationFailed", "peer_not_authenticated"
)
PEER_OF_ANOTHER_MEMBER = Fault(
    _PROVIDER, "ssl_authentication_failed", "SslAuthenticationFailed", "peer_of_another_member"
)
SIGNATURE_INVALID = Fault(_PROVIDER, "invalid_signature_value", "InvalidSignatureValue", "signature_invalid")
MESSAGE_REPLAYED = Fault(_PROVIDER, "message_replayed", "MessageReplayed", "message_replayed")
MESSAGE_MALFORMED = Fault(_PROVIDER, "invalid_request", "InvalidRequest", "message_malformed")
NOT_AGREED_THERE = Fault(_PROVIDER, "access_denied", "AccessDenied", "not_agreed")
UNKNOWN_SERVICE_THERE = Fault(_PROVIDER, "unknown_service", "UnknownService", "unknown_service")
SERVICE_NOT_SERVED = Fault(_PROVIDER, "unknown_service", "UnknownService", "service_not_served")
REGISTRY_STALE_THERE = Fault(_PROVIDER, "global_conf_outdated", "OutdatedGlobalConf", "registry_stale")
LOG_FAILED_THERE = Fault(_PROVIDER, "logging_failed", "LoggingFailed", "log_failed")
OUTCOME_NOT_LOGGED = Fault(_PROVIDER, "logging_failed.outcome", "LoggingFailed.Outcome", "log_failed")
INTERNAL_THERE = Fault(_PROVIDER, "internal_error", "InternalError", "internal")

# At the provider's information system. After the last three a look may have happened.
SERVICE_UNREACHABLE = Fault(
    _SERVICE, "service_failed.network_error", "ServiceFailed.NetworkError", "service_unreachable"
)
SERVICE_TOO_SLOW = Fault(_SERVICE, "service_failed.io_error", "ServiceFailed.IOError", "service_too_slow")
SERVICE_ANSWER_CUT = Fault(_SERVICE, "service_failed.io_error", "ServiceFailed.IOError", "service_answer_cut")
SERVICE_ANSWER_INVALID = Fault(
    _SERVICE, "service_failed.invalid_response", "ServiceFailed.InvalidResponse", "service_answer_invalid"
)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Fault))
"""Every fault, for the test that each has its sentences."""

LOOK_POSSIBLE = frozenset(
    {
        fault.code()
        for fault in (SERVICE_TOO_SLOW, SERVICE_ANSWER_CUT, SERVICE_ANSWER_INVALID, OUTCOME_NOT_LOGGED)
    }
    | {
        "Server.ServerProxy.LoggingFailed.Outcome",
        "Server.ServerProxy.ServiceFailed.IOError",
        "Server.ServerProxy.ServiceFailed.InvalidResponse",
    },
)
"""Error codes of a provider gateway that leave open whether its information system showed something."""
