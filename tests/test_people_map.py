"""people.csv: what is accepted, what is refused in which words, and that it is written back whole."""

import os
import stat

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlead import people
from fairlead.errors import ConfigError
from fairlead.people.mapping import COLUMNS


def written(folder, text, encoding="utf-8"):
    path = folder / "people.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_no_file_is_an_empty_map(tmp_path):
    found = people.load_map(tmp_path / "people.csv")
    assert found.empty
    assert list(found) == list(COLUMNS)


@pytest.mark.parametrize("text", ["", "\n\n", "person,source,account\n"])
def test_a_file_without_lines_is_an_empty_map_of_the_same_types(tmp_path, text):
    found = people.load_map(written(tmp_path, text))
    pd.testing.assert_frame_equal(found, people.load_map(tmp_path / "absent.csv"))


def test_a_line_is_read_with_its_types(tmp_path):
    text = (
        "person,source,account,team,time_zone,workdays,day_start,day_end,share,start_on,leave_on,country,region\n"
        " Ann Lee ,github,annlee,Core; Docs,Europe/Berlin,1111100,09:00,24:00,0.8,2024-02-29,,DE,BY\n"
    )
    found = people.load_map(written(tmp_path, text))
    assert found.loc[0].dropna().to_dict() == {
        "person": "Ann Lee",
        "source": "github",
        "account": "annlee",
        "team": "Core; Docs",
        "time_zone": "Europe/Berlin",
        "workdays": "1111100",
        "day_start": "09:00",
        "day_end": "24:00",
        "share": 0.8,
        "start_on": pd.Timestamp("2024-02-29"),
        "country": "DE",
        "region": "BY",
    }
    assert found["leave_on"].dtype == "datetime64[us]"


def test_a_region_goes_with_the_country_that_another_line_of_the_person_names(tmp_path):
    found = people.load_map(written(tmp_path, PLACE + "Ann,github,a,DE,\nAnn,jira,a,,BY\n"))
    assert found["country"].dropna().tolist() + found["region"].dropna().tolist() == ["DE", "BY"]


def test_columns_may_be_left_out_and_stand_in_any_order(tmp_path):
    found = people.load_map(written(tmp_path, "account,person,source\nann,Ann Lee,jira\n"))
    assert found[["person", "source", "account"]].to_numpy().tolist() == [["Ann Lee", "jira", "ann"]]


def test_a_line_without_a_person_is_a_service_account(tmp_path):
    assert people.load_map(written(tmp_path, "person,source,account\n,github,ci-user\n"))["person"].isna().all()


def test_a_file_that_a_spreadsheet_marked_as_utf_8_is_read(tmp_path):
    found = people.load_map(written(tmp_path, "person,source,account\r\nZoë,github,zoe\r\n", "utf-8-sig"))
    assert found["person"].tolist() == ["Zoë"]


def test_one_name_written_with_a_letter_and_an_accent_is_one_person(tmp_path):
    found = people.load_map(written(tmp_path, "person,source,account\nZoe\u0308,github,z\nZo\u00eb,jira,z\n"))
    assert found["person"].drop_duplicates().tolist() == ["Zoë"]


HEAD = "person,source,account,time_zone,workdays,day_start,day_end,share,start_on,leave_on\n"
PLACE = "person,source,account,country,region\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("person,source,acount\n", "line 1: column 3 is not known; did you mean account?"),
        ("person,source\n", "line 1: column account is absent"),
        ("person,person,source,account\n", "line 1: a column stands there twice"),
        ("person;source;account\n", "line 1: columns are parted by semicolons"),
        ("person,source,account\nAnn,github,a,b\n\nBo,github\n", "lines 2, 4: expected 3 cells, as in line 1"),
        ("person,source,account\nAnn,gitlab,a\n", "line 2: source: expected github or jira"),
        ("person,source,account\nAnn,github,a\nAnn,github,\n", "line 3: account: is empty"),
        ("person,source,account\nAnn,,a\n", "line 2: source: is empty"),
        (
            "person,source,account\nAnn,github,a\nBo,github,A\n",
            "lines 2, 3: account: one account cannot be two persons'",
        ),
        ("person,source,account\nAnn,github,a\n,github,a\n", "lines 2, 3: account: one account cannot be two persons'"),
        ('person,source,account\nAnn,github,"a\nb"\n', "line 3: account: has a line break or NUL within"),
        ("person,source,account\nAnn,github,a\0b\n", "account: has a line break or NUL within"),
        ('person,source,account\nAnn,github,"a\n', "is not CSV. Is a quotation mark left open?"),
        (HEAD + "Ann,github,a,Europe/Atlantis,,,,,,\n", "line 2: time_zone: expected an IANA time zone"),
        (HEAD + "Ann,github,a,,11111,,,,,\n", "line 2: workdays: expected seven flags from Monday"),
        (HEAD + "Ann,github,a,,,9:00,,,,\n", "line 2: day_start: expected a time of day"),
        (HEAD + "Ann,github,a,,,24:00,,,,\n", "line 2: day_start: expected a time of day"),
        (HEAD + "Ann,github,a,,,17:00,09:00,,,\n", "line 2: day_end: is not after day_start"),
        (HEAD + "Ann,github,a,,,,,80 %,,\n", "line 2: share: expected a part of full time"),
        (HEAD + "Ann,github,a,,,,,0,,\n", "line 2: share: expected a part of full time"),
        (HEAD + "Ann,github,a,,,,,1.5,,\n", "line 2: share: expected a part of full time"),
        (HEAD + "Ann,github,a,,,,,,29.02.2024,\n", "line 2: start_on: expected a day"),
        (HEAD + "Ann,github,a,,,,,,2023-02-29,\n", "line 2: start_on: there is no such day"),
        (HEAD + "Ann,github,a,,,,,,2024-01-02,2024-01-01\n", "line 2: leave_on: is before start_on"),
        (
            HEAD + "Ann,github,a,UTC,,,,,,\nAnn,jira,a,Asia/Tokyo,,,,,,\n",
            "lines 2, 3: time_zone: lines of one person differ",
        ),
        (HEAD + ",github,a,UTC,,,,,,\n", "line 2: person: nobody has no team or hours"),
        (PLACE + "Ann,github,a,de,\n", "line 2: country: expected a country of two capitals (ISO 3166)"),
        (PLACE + "Ann,github,a,UK,\n", "line 2: country: expected a country of two capitals (ISO 3166)"),
        (PLACE + "Ann,github,a,FR,BY\n", "line 2: region: expected a region of that country"),
        (PLACE + "Ann,github,a,,BY\n", "line 2: region: expected a region of that country"),
        (PLACE + "Bo,github,b,,\nAnn,github,a,DE,\nAnn,jira,a,,CA\n", "line 4: region: expected a region of that"),
        (PLACE + "Ann,github,a,DE,\nAnn,jira,a,FR,\n", "lines 2, 3: country: lines of one person differ"),
    ],
)
def test_a_fault_is_named_with_its_line_and_column(tmp_path, text, says):
    with pytest.raises(ConfigError, match=r"people\.csv") as caught:
        people.load_map(written(tmp_path, text))
    assert says in str(caught.value)


def test_all_faults_are_named_at_once_and_none_shows_a_value(tmp_path):
    text = HEAD + "Secret Name,gitlab,s3cret,,,,,,,\nOther Name,github,0th3r,Nowhere,99,,,,,\n"
    with pytest.raises(ConfigError) as caught:
        people.load_map(written(tmp_path, text))
    says = str(caught.value)
    assert "line 2: source" in says
    assert "line 3: time_zone" in says
    assert "line 3: workdays" in says
    assert not [value for value in ("Secret", "s3cret", "gitlab", "0th3r", "Nowhere", "99") if value in says]


def test_many_faulty_lines_are_counted(tmp_path):
    lines = "".join(f"Ann,gitlab,a{n}\n" for n in range(12))
    with pytest.raises(ConfigError, match=r"lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more: source"):
        people.load_map(written(tmp_path, "person,source,account\n" + lines))


def test_a_file_in_another_encoding_is_refused_in_words(tmp_path):
    with pytest.raises(ConfigError, match="is not UTF-8"):
        people.load_map(written(tmp_path, "person,source,account\nZoë,github,zoe\n", "latin-1"))


def test_a_folder_in_its_place_is_refused_in_words(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        people.load_map(tmp_path)


def test_the_same_line_twice_is_no_fault(tmp_path):
    assert len(people.load_map(written(tmp_path, "person,source,account\nAnn,github,a\nAnn,github,a\n"))) == 2


def test_what_is_written_is_read_back_and_is_its_owners_alone(tmp_path):
    text = (
        "person,source,account,team,share,start_on\n"
        '"Lee, Ann",github,annlee,Core;Docs,0.1,2024-02-29\n'
        "=1+1,jira,@sum,,1.0,\n"
        ',github,"ci ""bot""",,,\n'
    )
    path = written(tmp_path, text)
    before = people.load_map(path)
    people.write_map(path, before)
    pd.testing.assert_frame_equal(people.load_map(path), before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["people.csv"]  # noqa: PTH208 (a list to compare with)


@pytest.mark.parametrize("text", ["Ann\nLee", "Ann\rLee", "Ann\0Lee"])
def test_what_could_not_be_read_back_is_not_written(tmp_path, text):
    path = written(tmp_path, "person,source,account\nAnn,github,a\n")
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=r"line 2: person: has a line break or NUL within"):
        people.write_map(path, people.load_map(path).assign(person=text))
    assert path.read_bytes() == before


def test_a_map_that_gives_one_account_to_two_is_not_written(tmp_path):
    path = written(tmp_path, "person,source,account\nAnn,github,a\nBo,github,b\n")
    with pytest.raises(ConfigError, match="one account cannot be two persons'"):
        people.write_map(path, people.load_map(path).assign(account="a"))


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path):
    (tmp_path / "people.csv").mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        people.write_map(tmp_path / "people.csv", people.load_map(tmp_path / "absent.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_writing_follows_a_link_to_the_file(tmp_path):
    (tmp_path / "kept").mkdir()
    path = written(tmp_path / "kept", "person,source,account\nAnn,github,a\n")
    (tmp_path / "people.csv").symlink_to(path)
    people.write_map(tmp_path / "people.csv", people.load_map(path).assign(person="Bo"))
    assert (tmp_path / "people.csv").is_symlink()
    assert people.load_map(path)["person"].tolist() == ["Bo"]


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=8)


@settings(max_examples=15)
@given(st.lists(st.tuples(cells, cells), unique_by=lambda row: row[1].casefold(), max_size=5), st.data())
def test_whatever_names_it_holds_a_map_comes_back(tmp_path_factory, rows, data):
    folder = tmp_path_factory.mktemp("map")
    empty = people.load_map(folder / "absent.csv")
    frame = pd.DataFrame([{"person": who, "source": "github", "account": account} for who, account in rows])
    shares = data.draw(st.lists(st.sampled_from([0.1, 0.25, 1 / 3, 1.0]), min_size=len(rows), max_size=len(rows)))
    share = pd.Series(shares, dtype=float).groupby(frame["person"]).transform("first") if rows else []
    given_map = frame.reindex(columns=list(COLUMNS)).assign(share=share).astype(empty.dtypes.to_dict())
    people.write_map(folder / "people.csv", given_map)
    found = people.load_map(folder / "people.csv")
    assert found["account"].tolist() == given_map["account"].tolist()
    assert found["share"].tolist() == given_map["share"].tolist()
    people.write_map(folder / "people.csv", found)
    pd.testing.assert_frame_equal(people.load_map(folder / "people.csv"), found)
