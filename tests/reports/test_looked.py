"""What the Sharing page lists, by hand."""

import pandas as pd

from fairlead.access import LOCAL_LEAD, Viewer
from fairlead.links import Link
from reports import looked
from tests.metrics.build import utc

NOW = utc("2026-11-21 12:00")
BERTH = Viewer("berth@example.org", "lead", teams=("Berth",))
ROW = {
    "id": "1", "name": "Board", "report": "milestones", "choices": '{"milestones": "*"}', "titles": False,
    "made_by": "berth@example.org", "made_at": utc("2026-11-01"), "expires_at": utc("2026-12-01"), "revoked_at": None,
}  # fmt: skip


def links(*rows):
    table = pd.DataFrame([{**ROW, **row} for row in rows], columns=list(ROW))
    instants = ["made_at", "expires_at", "revoked_at"]
    return table.astype(dict.fromkeys(instants, "datetime64[us, UTC]") | {"titles": bool})


def looks(*rows):
    table = pd.DataFrame(rows, columns=["at", "who", "role", "view"])
    return table.astype({"at": "datetime64[us, UTC]", "who": "str", "role": "str", "view": "str"})


def panels(made, seen=None, viewer=LOCAL_LEAD, now=NOW):
    report = looked.report(made, looks() if seen is None else seen, viewer, now)
    return {panel.key: panel for panel in report.panels}


def test_a_link_is_open_until_the_instant_it_ends_or_is_taken_back():
    link = Link.of_row(links({}).to_dict("records")[0])
    assert link.status(utc("2026-11-30 23:59")) == "open"
    assert link.status(utc("2026-12-01")) == "ended"
    taken = Link.of_row(links({"revoked_at": utc("2026-11-20")}).to_dict("records")[0])
    assert taken.status(utc("2026-12-05")) == "taken back"


def test_what_a_link_opens_is_told_in_numbers():
    told = panels(links({"choices": '{"milestones": "*"}'}, {"id": "2", "choices": '{"milestones": "[\\"a\\"]"}'},
                        {"id": "3", "choices": '{"milestones": "[\\"a\\", \\"b\\"]"}'}))["links"]  # fmt: skip
    assert told.table["opens"].tolist() == ["all milestones", "1 milestone", "2 milestones"]


def test_links_stand_newest_first_and_those_that_open_are_counted():
    made = links(
        {"id": "old", "name": "Old", "made_at": utc("2026-10-01"), "expires_at": utc("2026-10-15")},
        {"id": "new", "name": "New", "made_at": utc("2026-11-20")},
        {"id": "taken", "name": "Taken", "revoked_at": utc("2026-11-02")},
    )
    panel = panels(made)["links"]
    assert panel.table["for_whom"].tolist() == ["New", "Taken", "Old"]
    assert panel.table["status"].tolist() == ["open", "taken back", "ended"]
    assert panel.takeaway == "1 link opens a report now."
    assert panel.note.startswith("n = 3 links")


def test_a_lead_of_some_teams_sees_links_of_their_own_and_nobodys_looks():
    made = links({}, {"id": "2", "name": "Other", "made_by": "head@example.org"})
    told = panels(made, looks((NOW, "head@example.org", "lead", "flow")), BERTH)
    assert list(told) == ["links"]
    assert told["links"].table["for_whom"].tolist() == ["Board"]


def test_who_sees_everything_sees_all_links_and_who_looked():
    made = links({}, {"id": "2", "name": "Other", "made_by": "head@example.org"})
    seen = looks((NOW, "head@example.org", "lead", "flow"), (NOW, "link Board (1)", "link", "milestones"),
                 (NOW, "link Board (1)", "link", "milestones"))  # fmt: skip
    told = panels(made, seen)
    assert told["links"].table.set_index("for_whom")["n_looks"].to_dict() == {"Board": 2, "Other": 0}
    assert told["looks"].takeaway == "2 visitors looked 3 times at a page."
    assert told["looks"].table["page"].tolist() == ["flow", "milestones", "milestones"]


def test_looks_at_links_of_one_name_are_told_apart():
    made = links({"made_at": utc("2026-11-02")}, {"id": "2"})
    seen = looks((NOW, "link Board (1)", "link", "milestones"))
    assert panels(made, seen)["links"].table["n_looks"].tolist() == [1, 0]


def test_somebody_who_is_called_as_a_link_counts_for_none():
    seen = looks((NOW, "link Board (1)", "lead", "milestones"))
    assert panels(links({}), seen)["links"].table["n_looks"].tolist() == [0]


def test_nothing_made_and_nobody_looked_is_said():
    told = panels(links())
    assert told["links"].table.empty
    assert told["links"].empty == "No link has been made."
    assert told["looks"].table.empty
    assert str(told["links"].table["made_at"].dtype) == "datetime64[us, UTC]"


def test_of_very_many_looks_the_newest_are_listed_and_all_are_counted():
    many = looks(*[(NOW - pd.Timedelta(minutes=n), "a", "lead", "flow") for n in range(looked.MOST_LOOKS + 5)])
    panel = panels(links(), many)["looks"]
    assert len(panel.table) == looked.MOST_LOOKS
    assert panel.table["looked_at"].iloc[0] == NOW
    assert panel.note.startswith("n = 1,000 looks of 1,005")
    assert panel.takeaway == "1 visitor looked 1,005 times at a page."
