"""The field that flags an issue, whatever it is called."""

from dataclasses import replace

from connectors.jira import fields
from tests.connectors.jira.house import CONNECTION, FIELDS, FLAGGED, history, issue, item
from tests.connectors.jira.test_history import reading, told

BOXES = [
    {"id": n, "name": name, "schema": {"custom": "x:multicheckboxes"}} for n, name in (("c1", "Team"), ("c2", "Marke"))
]


def test_a_flag_of_another_name_is_known_by_its_option():
    """The site speaks German; the boxes of c1 say nothing of flags."""
    found = replace(reading().fields, flags=fields.discovered(BOXES, CONNECTION).flags)
    sense = replace(reading(), fields=found)
    changed = [
        history(1, "2024-01-02T09:00:00.000+0000", item("c2", None, "[1]", ("", "Impediment"))),
        history(2, "2024-01-03T09:00:00.000+0000", item("c1", None, "[2]", ("", "North"))),
        history(3, "2024-01-04T09:00:00.000+0000", item("c2", "[1]", None, ("Impediment", ""))),
    ]
    assert told(issue(7, *changed, c1=[{"value": "North"}], c2=None), "blocked", sense) == [
        ("01-02 09", "ann", "blocked", None, "Impediment"),
        ("01-04 09", "ann", "blocked", "Impediment", None),
    ]
    assert told(issue(7, c2=[{"value": "Impediment"}]), "blocked", sense)[0][4] == "Impediment"


def test_where_a_field_is_called_flagged_other_boxes_do_not_count():
    assert fields.discovered([*BOXES, *FIELDS], CONNECTION).flags == ((FLAGGED, "Flagged"),)
