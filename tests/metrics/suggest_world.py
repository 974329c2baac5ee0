"""One project, its people and who is who: what the tests of suggested reviewers share."""

from fairlead.agreements import Agreements
from fairlead.frames import Frames
from metrics import suggest
from tests.metrics.build import frame, pull_request, utc

AS_OF = utc("2026-06-12")
AGREED = {"most_requests": Agreements().most_requests, "zone": "UTC"}
PEOPLE = ("Ann", "Bob", "Cy", "Dan", "Eve", "Flo")
ACCOUNTS = [{"id": name.lower(), "kind": "user", "person": name} for name in PEOPLE]
BOTS = [{"id": "ci[bot]", "kind": "bot"}, {"id": "ghost", "kind": "ghost"}]


def changed(number, author="ann", created="2026-06-01", merged=None, **values):
    """A pull request of one project, open unless merged."""
    closing = {"merged_at": merged, "closed_at": merged} if merged else {}
    return pull_request(number, author=author, project="o/r", created_at=created, **closing, **values)


def said(number, author, at):
    return {"pull_request": number, "author": author, "at": at}


def touched(number, *paths, lines=1):
    return [{"pull_request": number, "path": path, "additions": lines, "deletions": 0} for path in paths]


def world(pulls, reviewed=(), files=(), **tables):
    """All tables; `people` are rows beside the six, `members` are (team, person)."""
    people = {name: {"id": name, "name": name} for name in PEOPLE}
    people |= {row["id"]: people.get(row["id"], {}) | row for row in tables.get("people", ())}
    members = [{"team": team, "person": person} for team, person in tables.get("members", ())]
    rows = {
        "pull_requests": pulls,
        "reviews": reviewed,
        "comments": tables.get("comments", ()),
        "files": files,
        "pull_request_events": tables.get("events", ()),
        "accounts": [*ACCOUNTS, *BOTS],
        "people": people.values(),
        "team_members": members,
        "time_off": tables.get("off", ()),
    }
    return Frames.of({name: frame(name, list(each)) for name, each in rows.items()})


def past(*reviewers, author="ann", day=1, first=100):
    """Merged pull requests of May 2026 on a day each, one per reviewer: rows of pull requests and of reviews."""
    days = [f"2026-05-{day + nth:02}" for nth in range(len(reviewers))]
    pulls = [changed(str(first + nth), author=author, created=at, merged=f"{at} 18:00") for nth, at in enumerate(days)]
    return pulls, [
        said(str(first + nth), who, f"{at} 12:00") for nth, (who, at) in enumerate(zip(reviewers, days, strict=True))
    ]


def named(frames, *numbers, as_of=AS_OF, **how):
    """What is suggested for these pull requests; for number 1 where none is given."""
    wanted = frame("pull_requests", [pull_request(number) for number in numbers or ("1",)])["id"]
    return suggest.suggestions(frames, wanted.astype("str"), as_of=as_of, **{**AGREED, **how})


def names(frames, *numbers, **how):
    return named(frames, *numbers, **how)["person"].tolist()
