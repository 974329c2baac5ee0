"""Every error a person may see. Messages say what happened, where, and what to do; never cell values or secrets."""


class FairleadError(Exception):
    """Base of all expected errors: the command line prints its message alone, the screen shows it in words."""


class FrameError(FairleadError):
    """A table does not have the shape `fairlead.frames` declares."""


class ConfigError(FairleadError):
    """The settings file, or the environment it names, cannot be used."""


class StoreError(FairleadError):
    """The store cannot be opened, read or written."""


class SourceError(FairleadError):
    """GitHub, Jira or the sample organisation could not be read."""


class LinkError(FairleadError):
    """A shared link cannot be made, or does not open anything (any more)."""


class DeliveryError(FairleadError):
    """A written report could not be sent."""
