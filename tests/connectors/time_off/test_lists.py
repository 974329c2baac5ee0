"""time_off.csv: what is accepted, whom it names, and what is refused in which words."""

import pytest

from fairlead.errors import ConfigError
from tests.connectors.time_off.calendars import LIST, away, house, left_out, shaped

HEAD = "person,start_on,end_on\n"


def test_days_are_inclusive_and_one_day_needs_no_end():
    text = HEAD + "Ann Lee,2026-06-01,2026-06-02\nBo Ek,2026-06-05,\n"
    assert away(text.encode(), LIST) == ["ann 06-01 06-02", "bo 06-05 06-05"]


def test_the_end_may_be_left_out_altogether():
    assert away(b"start_on,person\n2026-06-01,Ann Lee\n", LIST) == ["ann 06-01 06-01"]


@pytest.mark.parametrize(
    "who", ["Ann Lee", "ann lee", "annlee", "@AnnLee", "github:1", "1", "ANN@x.org", "lee", "Private@y.org"]
)
def test_a_person_is_named_by_name_login_or_address(who):
    known = house(("Ann Lee", "jira", "lee"), ("Ann Lee", "jira", "private@y.org"))
    assert away(f"{HEAD}{who},2026-06-01,\n".encode(), LIST, where=known) == ["ann 06-01 06-01"]


def test_a_login_goes_before_a_name():
    """Somebody else's login is `bo ek`, too."""
    known = house(("Ann Lee", "jira", "bo ek"))
    assert away(f"{HEAD}Bo Ek,2026-06-01,\n".encode(), LIST, where=known) == ["ann 06-01 06-01"]


@pytest.mark.parametrize("who", ["Nobody", "Chris Roy", "nobody@x.org"])
def test_who_is_not_known_or_is_two_people_is_counted(who):
    text = f"{HEAD}{who},2026-06-01,\nBo Ek,2026-06-05,\n".encode()
    assert away(text, LIST) == ["bo 06-05 06-05"]
    assert left_out(text, LIST) == {"of nobody known": 1}


def test_lines_that_overlap_are_one_absence():
    text = HEAD + "annlee,2026-06-04,2026-06-08\nAnn Lee,2026-06-01,2026-06-05\nAnn Lee,2026-06-09,\n"
    assert away(text.encode(), LIST) == ["ann 06-01 06-09"]


@pytest.mark.parametrize("text", ["", "\n", HEAD])
def test_a_file_without_lines_says_that_nobody_is_away(text):
    assert away(text.encode(), LIST) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("person,start_on\nAnn,s3cret\n", "line 2: start_on: expected a day, such as 2024-02-29"),
        (HEAD + "Ann,2026-02-30,\n", "line 2: start_on: there is no such day"),
        (HEAD + "Ann,2026-06-01,01.06.2026\n", "line 2: end_on: expected a day"),
        (HEAD + "Ann,,2026-06-01\n\nBo,,\n", "lines 2, 4: start_on: is empty"),
        (HEAD + ",2026-06-01,\n", "line 2: person: is empty"),
        (HEAD + "Ann,2026-06-02,2026-06-01\n", "line 2: end_on: is before start_on"),
        (HEAD + "Ann,2026-06-02\n", "line 2: expected 3 cells, as in line 1"),
        ("person,start_on,reason\n", "line 1: column 3 is not known"),
        ("person,end_on\n", "line 1: column start_on is absent. Columns: person, start_on, end_on"),
        ("person;start_on;end_on\n", "line 1: columns are parted by semicolons"),
        (HEAD + '"Ann\n', "is not CSV. Is a quotation mark left open?"),
        (HEAD + '"An\nn",2026-06-01,\n', "line 3: person: has a line break or NUL within"),
    ],
)
def test_a_fault_is_named_with_its_line_and_column_and_no_value(text, says):
    with pytest.raises(ConfigError, match=r"^time_off\.csv: ") as caught:
        shaped(text.encode(), LIST)
    assert says in str(caught.value)
    assert not [value for value in ("Ann", "s3cret", "2026") if value in str(caught.value)]


def test_another_encoding_is_refused_in_words():
    with pytest.raises(ConfigError, match="is not UTF-8"):
        shaped((HEAD + "Zoë,2026-06-01,\n").encode("latin-1"), LIST)
