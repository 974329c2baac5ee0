"""What was shared by link, and who has looked at what."""

import pandas as pd

from fairlead.access import Viewer
from fairlead.links import Link
from reports import words
from reports.panel import Panel, Report

QUESTION = "Who may see which report without signing in, and who has looked?"
NAMES = {"milestone": "One milestone", "programme": "Programme", "milestones": "Milestones"}
"""What the reports that can be shared are called."""
MOST_LOOKS = 1_000


def report(links: pd.DataFrame, looks: pd.DataFrame, viewer: Viewer, now: pd.Timestamp) -> Report:
    """The links this viewer may take back and, for who sees everything, who has looked at what."""
    panels = [_links(theirs(links, viewer), looks, now)]
    if viewer.sees_all:
        panels.append(_looks(looks))
    return Report(key="sharing", title="Sharing", question=QUESTION, panels=tuple(panels))


def theirs(links: pd.DataFrame, viewer: Viewer) -> pd.DataFrame:
    """The links that this viewer has made; all of them for who sees everything."""
    is_theirs = (links["made_by"] == viewer.name) | viewer.sees_all
    return links[is_theirs].sort_values("made_at", ascending=False, ignore_index=True)


def about(link: Link) -> str:
    """How much of its report a link opens."""
    return "all milestones" if link.milestones is None else words.count(len(link.milestones), "milestone")


def _links(links: pd.DataFrame, looks: pd.DataFrame, now: pd.Timestamp) -> Panel:
    each = [Link.of_row(row) for row in links.to_dict("records")]
    by_link = looks.loc[looks["role"] == "link", "who"].value_counts()
    table = pd.DataFrame(
        {
            "for_whom": [link.name for link in each],
            "report": [NAMES[link.report] for link in each],
            "opens": [about(link) for link in each],
            "titles": [link.titles for link in each],
            "status": [link.status(now) for link in each],
            "made_by": [link.made_by for link in each],
            "made_at": pd.Series([link.made_at for link in each], dtype="datetime64[us, UTC]"),
            "ends_at": pd.Series([link.expires_at for link in each], dtype="datetime64[us, UTC]"),
            "n_looks": [int(by_link.get(link.visitor, 0)) for link in each],
        }
    )
    n_open = int((table["status"] == "open").sum())
    return Panel(
        key="links",
        title="Links that were made",
        takeaway=f"{words.count(n_open, 'link')} {words.agree(n_open, 'opens', 'open')} a report now.",
        table=table,
        note=f"n = {words.count(len(table), 'link')}, newest first. A link opens one report, read-only, until it ends "
        "or is taken back. Looks are counted once in ten minutes.",
        empty="No link has been made.",
        wide=True,
    )


def _looks(looks: pd.DataFrame) -> Panel:
    table = looks.head(MOST_LOOKS).rename(columns={"at": "looked_at", "view": "page"})
    return Panel(
        key="looks",
        title="Who has looked",
        takeaway=f"{words.count(int(looks['who'].nunique()), 'visitor')} looked "
        f"{words.count(len(looks), 'time')} at a page.",
        table=table[["looked_at", "who", "role", "page"]],
        note=f"n = {words.count(len(table), 'look')} of {len(looks):,}, newest first; once in ten minutes for each "
        "page. How long this is kept is set by log_days in [access].",
        empty="Nobody has looked yet. On a machine of one's own it is not kept who looks.",
        wide=True,
    )
