"""Sweeping: rows whose time has passed carry tokens and sealed data that nobody needs any more."""

from pendopo.foundation.clock import now
from pendopo.foundation.jobs import loop
from pendopo.identity import models
from pendopo.identity.policy import REMEMBER

EVERY_SECONDS = 300.0


def register() -> None:
    """Register the loops of this room."""
    loop("identity.sweep", seconds=EVERY_SECONDS)(sweep)


def sweep() -> int:
    """Delete what has expired; return how many rows went."""
    moment = now()
    late = moment - REMEMBER
    gone = [
        models.Ceremony.objects.filter(expires_at__lt=moment),
        models.Interaction.objects.filter(expires_at__lt=moment),
        models.ParkedForm.objects.filter(expires_at__lt=moment),
        models.CounterVisit.objects.filter(expires_at__lt=moment),
        models.FormerContact.objects.filter(until__lte=moment),
        models.SeenAssertion.objects.filter(expires_at__lt=moment),
        models.AuthorizationCode.objects.filter(expires_at__lt=late),
        models.ActivationCode.objects.filter(expires_at__lt=late),
        models.Session.objects.filter(expires_at__lt=late),
        models.ProviderSession.objects.filter(expires_at__lt=late),
    ]
    return sum(rows.delete()[0] for rows in gone)
