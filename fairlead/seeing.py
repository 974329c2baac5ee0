"""What a command works with: what somebody may see of the store, and the scope its options name."""

from dataclasses import dataclass
from typing import Any

from fairlead.access import Viewer, VisibleFrames, seen_as, visible_to
from fairlead.boards import estimated
from fairlead.config import Settings
from fairlead.errors import StoreError
from fairlead.options import scope_of
from fairlead.scope import Scope
from fairlead.store import Store


@dataclass(frozen=True)
class Seen:
    """What a viewer may see, what they asked to see of it, and where the dashboard is served (empty: nowhere)."""

    frames: VisibleFrames
    scope: Scope
    viewer: Viewer
    address: str = ""


def seen(opened: Store, settings: Settings, whom: str, **which: Any) -> Seen:  # noqa: ANN401 (the options of `scoped`)
    """What `whom` (a role, or a grant of the settings) may see of the store.

    Raises:
        ConfigError: there is neither such a role nor such a grant.
        StoreError: the store is empty.
    """
    viewer = seen_as(whom, settings.access)
    known_as_of = opened.as_of()
    if known_as_of is None:
        raise StoreError("The store is empty. Run `fairlead sync` to read the sources of your settings.")
    frames = visible_to(viewer, estimated(opened.read()), salt=opened.salt())
    scope = scope_of(frames, settings, known_as_of, **which)
    return Seen(frames, scope, viewer, settings.sign_in.address if settings.sign_in else "")
