"""The front door's errors: each message is a sentence for whoever typed the command."""


class FrontDoorError(RuntimeError):
    """A command cannot be carried out; the message says why and, where there is one, the way out."""
