"""Find what a repository holds no longer: list everything by number and ask about what is stored and not listed.

Nothing is taken for gone on the word of a list: every item is asked for by itself, and an error or an empty list proves
nothing. What is listed and not stored is read like any other item.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from connectors import Page
from connectors.github import queries
from connectors.github.answers import Answer
from connectors.github.asking import Asking, place_behind
from connectors.github.ids import issue_id, issue_number
from connectors.github.place import Place, instant
from connectors.github.queries import Stream

Node = dict[str, Any]

STREAM = "sweep"
AT_ONCE = 50
"""Items whose whereabouts are asked for together."""


def pages(
    asking: Asking,
    places: Mapping[str, Place],
    read: Mapping[str, Collection[int]],
    page: Callable[[Stream, list[Node]], Page],
) -> Iterator[Page]:
    """What is new to the store, then one page of what has gone. Raises `SourceError`.

    `read` is what this run has read already, which may not be stored yet; `page` makes a page of a list.
    """
    project, listed = _census(asking)
    gone: list[Node] = []
    for stream in queries.STREAMS:
        stored = set(map(issue_number, asking.state.stored(stream.name, project)))
        held, floor = listed[stream.name], places[stream.name].floor
        new = [number for number, at in held.items() if number not in stored and at >= floor]
        yield from _unknown(asking, stream, sorted(set(new) - set(read[stream.name])), page)
        if held:
            gone += _gone(asking, stream, sorted(stored - set(held)), project)
        elif stored:
            asking.state.warn(f"github lists no {stream.name.replace('_', ' ')} any more; none was taken for deleted.")
    context = {"project": project, "gone": gone}
    yield Page(STREAM, [], cursor=instant(asking.started), context=context, last=True)


def _census(asking: Asking) -> tuple[str, dict[str, dict[int, str]]]:
    """The repository's name; and for each list, number → last change."""
    listed: dict[str, dict[int, str]] = {stream.name: {} for stream in queries.STREAMS}
    after: dict[str, str | None] = {stream.connection: None for stream in queries.STREAMS}
    project = ""
    while after:
        asked = [stream.name for stream in queries.STREAMS if stream.connection in after]
        places = {f"{connection}After": place for connection, place in after.items()}
        found, _ = asking.steadily(queries.text("census", asked), places)
        project = found["nameWithOwner"]
        for stream in queries.STREAMS:
            if stream.connection in after:
                part = found[stream.connection]
                listed[stream.name] |= {node["number"]: node["updatedAt"] for node in part["nodes"] if node}
                after[stream.connection] = place_behind(part)
                if after[stream.connection] is None:
                    del after[stream.connection]
    return project, listed


def _unknown(
    asking: Asking, stream: Stream, numbers: list[int], page: Callable[[Stream, list[Node]], Page]
) -> Iterator[Page]:
    """Items that lists by change have not shown, such as those transferred to here."""
    for start in range(0, len(numbers), AT_ONCE):
        nodes = asking.items(stream, numbers[start : start + AT_ONCE])
        if nodes:
            yield page(stream, nodes)


def _gone(asking: Asking, stream: Stream, numbers: list[int], project: str) -> Iterator[Node]:
    """What became of items that are stored and not listed."""
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        found, answer = asking.steadily(queries.whereabouts(some), {})
        for number in some:
            fate = _fate(found.get(f"n{number}"), f"n{number}", answer, project)
            if fate:
                own = {"id": issue_id(project, number), "kind": stream.name, "project": project}
                yield own | fate | {"found_at": answer.at}


def _fate(found: Mapping[str, Any] | None, alias: str, answer: Answer, project: str) -> dict[str, str] | None:
    """Deleted, transferred, or still there and merely not listed; an item that may not be seen is left alone."""
    if found is None:
        return {"reason": "deleted"} if alias in answer.absent else None
    name = found["repository"]["nameWithOwner"]
    return None if name == project else {"reason": "transferred", "moved_to": f"{name}#{found['number']}"}
