"""What can go wrong with GitHub, by what is to be done about it. Messages never show what the server sent."""

from fairlead.errors import SourceError


class TooHeavyError(SourceError):
    """GitHub could not answer in time: ask for fewer items."""


class StaleCursorError(SourceError):
    """GitHub no longer knows the place where an earlier run stopped."""


class RefusedError(SourceError):
    """The same question would be refused again."""


class NotAllowedError(RefusedError):
    """What is asked for lies beyond what the token may read, or does not exist: GitHub does not always say which."""


class UnauthorizedError(RefusedError):
    """The token is not accepted, or no longer."""


class UnsteadyError(SourceError):
    """The same question may well be answered in a moment."""


class LimitedError(SourceError):
    """GitHub wants to be left alone: for `seconds`, or where it does not say, for a minute and longer each time."""

    def __init__(self, seconds: float | None) -> None:
        """`seconds` from now on."""
        super().__init__("github: asked too often. Run sync again in an hour; what was read is kept.")
        self.seconds = seconds
