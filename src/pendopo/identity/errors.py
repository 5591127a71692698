"""What can go wrong with identity. No error says whether a person is known, nor carries a NIK or a name."""

from pendopo.kernel.errors import Invalid, PendopoError, TooManyRequests


class IdentityError(PendopoError):
    """Base of this room."""

    code = "identity.error"
    status = 500
    text_key = "identity.errors.error"


class UnknownSubject(IdentityError):
    """No subject has this id."""

    code = "identity.unknown-subject"
    status = 404
    text_key = "identity.errors.unknown_subject"


class NotSignedIn(IdentityError):
    """The page needs a person and there is none (told to programs; people are sent to sign in)."""

    code = "identity.not-signed-in"
    status = 401
    text_key = "identity.errors.not_signed_in"


class StrongerSignInNeeded(IdentityError):
    """The page needs a higher assurance than this person's sign-in can reach."""

    code = "identity.stronger-sign-in"
    status = 403
    text_key = "identity.errors.stronger_sign_in"


class NoPost(IdentityError):
    """The page is for officers and this person holds no post."""

    code = "identity.no-post"
    status = 403
    text_key = "identity.errors.no_post"


class SignInRefused(IdentityError):
    """What was given does not match, in whatever part: the sentence never says which."""

    code = "identity.sign-in-refused"
    status = 403
    text_key = "identity.errors.sign_in_refused"


class SignInExpired(IdentityError):
    """The sign-in took too long, was already finished, or began in another browser."""

    code = "identity.sign-in-expired"
    status = 400
    text_key = "identity.errors.sign_in_expired"


class SignInBusy(IdentityError):
    """The provider does not answer in time."""

    code = "identity.sign-in-busy"
    status = 503
    text_key = "identity.errors.sign_in_busy"


class SignInFailed(IdentityError):
    """The provider's answer did not verify, or it refused. ``reason`` is a stable word."""

    code = "identity.sign-in-failed"
    status = 400
    text_key = "identity.errors.sign_in_failed"


class TooManyAttempts(TooManyRequests):
    """Too many attempts for one person or from one address; ``minutes`` says how long to wait."""

    code = "identity.too-many-attempts"
    text_key = "identity.errors.too_many_attempts"


class PasskeyRefused(IdentityError):
    """The authenticator's answer does not verify. ``reason`` is for the log, the sentence is one."""

    code = "identity.passkey-refused"
    status = 403
    text_key = "identity.errors.passkey_refused"


class PasskeyKnown(IdentityError):
    """This authenticator already holds a passkey of this person."""

    code = "identity.passkey-known"
    status = 409
    text_key = "identity.errors.passkey_known"


class LastCredential(IdentityError):
    """Removing this would leave the person without a way to sign in."""

    code = "identity.last-credential"
    status = 409
    text_key = "identity.errors.last_credential"


class ActivationCodeRefused(IdentityError):
    """The activation code is unknown, used, or too old."""

    code = "identity.activation-code"
    status = 422
    text_key = "identity.errors.activation_code"


class ActivationExpired(IdentityError):
    """The activation that this browser began has run out or is finished."""

    code = "identity.activation-expired"
    status = 410
    text_key = "identity.errors.activation_expired"


class VisitExpired(IdentityError):
    """The look-up at the counter is older than a visit takes, or was finished."""

    code = "identity.visit-expired"
    status = 410
    text_key = "identity.errors.visit_expired"


class FaceNotChecked(Invalid):
    """The officer did not confirm that card and face were checked."""

    code = "identity.face-not-checked"
    text_key = "identity.errors.face_not_checked"


class PersonNotAlive(IdentityError):
    """The population register says that the person has died."""

    code = "identity.person-not-alive"
    status = 409
    text_key = "identity.errors.person_not_alive"


class OwnActivation(IdentityError):
    """Officers do not activate themselves."""

    code = "identity.own-activation"
    status = 403
    text_key = "identity.errors.own_activation"


class DemoPersonRefused(Invalid):
    """A fictitious NIK was given to a hall that is not a demo."""

    code = "identity.demo-person"
    text_key = "identity.errors.demo_person"


class InvalidEmail(Invalid):
    """Not an e-mail address."""

    code = "identity.invalid-email"
    text_key = "identity.errors.invalid_email"


class PasswordTooWeak(Invalid):
    """The password is too short, too long, common, or made of the person's own data."""

    code = "identity.weak-password"
    text_key = "identity.errors.weak_password"

    def __init__(self, reason: str) -> None:
        """``reason`` is ``short``, ``long``, ``common``, ``own`` or ``mismatch``."""
        super().__init__(reason, reason=reason)
        self.reason = reason


class CodeRefused(Invalid):
    """The six digits do not match now, or were used already."""

    code = "identity.code-refused"
    text_key = "identity.errors.code_refused"


class UnknownClient(IdentityError):
    """The sign-in was asked by a client, or for a return address, that is not registered."""

    code = "identity.unknown-client"
    status = 400
    text_key = "identity.errors.unknown_client"
