"""The pages on milestones: chosen by an address, and a scenario that an address holds."""

from urllib.parse import parse_qs

import pytest

from reports import words
from reports.render import plain
from reports.whatif import ORDERS
from tests.pages.conftest import opened, shown
from tests.reports.worlds import panels_of

PAGE = "pages/milestone.py"
BERTH = "Berth 2026.1 · BERTH"
NO_MILESTONE = [{"milestone": "gone"}, {"milestone": ""}, {"drop": "NONE-1"}, {"pace": "1000"}, {"due": "tomorrow"},
                {"later": "-3"}, {"cut_first": "x"}, {"drop_label": "none"}]  # fmt: skip


def at(**address):
    """The page of one milestone at an address."""
    app = opened(PAGE, **address)
    assert not app.exception
    return app


def first_item(app):
    """The key of the first item that can be left out."""
    return app.multiselect(key="items").options[0].split()[0]


@pytest.mark.usefixtures("at_home")
def test_without_a_choice_it_is_the_one_that_needs_somebody_first():
    app = at()
    first = panels_of("sample")["milestones", "portfolio"].table["title"].iloc[0]
    assert app.subheader[0].value == plain(f"Burn-up: {first}")
    assert app.selectbox(key="milestone").value.startswith(f"{first} · ")


@pytest.mark.usefixtures("at_home")
def test_every_row_of_the_portfolio_leads_to_the_page_of_its_milestone():
    table = panels_of("sample")["milestones", "portfolio"].table
    for address, title in zip(table["closely"], table["title"], strict=True):
        page, _, query = address.partition("?")
        assert page == "/milestone"
        app = at(**{name: values[0] for name, values in parse_qs(query).items()})
        headers = [header.value for header in app.subheader]
        assert plain(f"Burn-up: {title}") in headers


@pytest.mark.usefixtures("at_home")
def test_a_line_that_needs_attention_leads_to_the_page_of_its_milestone():
    lines = panels_of("sample")["overview", "attention"].table
    lines = lines[lines["url"].str.startswith("/milestone?")].drop_duplicates("url")
    assert len(lines) >= 3
    for line in lines.head(3).to_dict("records"):
        app = at(milestone=parse_qs(line["url"].partition("?")[2])["milestone"][0])
        assert plain(f"Burn-up: {line['what']}") in [header.value for header in app.subheader]


@pytest.mark.usefixtures("at_home")
def test_another_milestone_can_be_chosen():
    app = at()
    app.selectbox(key="milestone").select(BERTH).run()
    assert not app.exception
    assert app.subheader[0].value == plain("Burn-up: Berth 2026.1")


@pytest.mark.usefixtures("at_home")
def test_a_closed_milestone_can_be_looked_at_and_has_nothing_to_suppose():
    closed = next(option for option in at().selectbox(key="milestone").options if option.startswith("Release 7"))
    app = at(milestone=closed)
    assert not [each for each in app.expander if each.label.startswith("What if")]
    assert "What is over, or holds nothing, cannot go otherwise." in [info.value for info in app.info]


@pytest.mark.usefixtures("at_home")
def test_a_scenario_in_the_address_is_shown_first_beside_the_plan_as_it_is():
    key = first_item(at(milestone=BERTH))
    app = at(milestone=BERTH, drop=key, pace="150", due="2026-12-01", later="2")
    assert app.multiselect(key="items").value == [key]
    assert (app.slider(key="pace").value, app.slider(key="later").value) == (150, 2)
    assert app.date_input(key="due").value.isoformat() == "2026-12-01"
    assert [header.value for header in app.subheader][:2] == [plain("What if?"), plain("The smallest cut")]
    said = "Without 1 item, at 150 % of the pace, started 2 weeks later, due 1 Dec 2026: plan on "
    assert app.markdown[0].value.startswith(plain(said))
    assert app.expander[0].label.startswith("What if")
    assert app.expander[0].proto.expanded


@pytest.mark.usefixtures("at_home")
def test_without_a_scenario_what_if_is_closed_and_stands_last():
    app = at(milestone=BERTH)
    assert not app.expander[0].proto.expanded
    assert [header.value for header in app.subheader][-2:] == [plain("What if?"), plain("The smallest cut")]


@pytest.mark.usefixtures("at_home")
def test_a_label_in_the_address_leaves_out_all_that_carry_it():
    app = at(milestone=BERTH, drop_label="customer")
    assert app.multiselect(key="drop_label").value == ["customer"]
    assert app.markdown[0].value.startswith("Without ")


@pytest.mark.usefixtures("at_home")
def test_the_order_of_the_cut_is_in_the_address_and_supposes_nothing():
    order = list(ORDERS)[2]
    app = at(milestone=BERTH, cut_first=order)
    assert app.selectbox(key="cut_first").value == order
    assert app.subheader[0].value == plain("Burn-up: Berth 2026.1")


@pytest.mark.usefixtures("at_home")
def test_items_of_one_milestone_are_not_left_out_of_another():
    whole = at(milestone=BERTH)
    other = next(option for option in whole.selectbox(key="milestone").options if option != BERTH)
    app = at(milestone=other, drop=first_item(whole))
    assert app.multiselect(key="items").value == []
    assert "drop" not in app.query_params
    assert app.subheader[0].value.startswith(plain("Burn-up: "))


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("nonsense", NO_MILESTONE, ids=str)
def test_an_address_that_means_nothing_is_that_of_the_plan_as_it_is(nonsense):
    app = at(**nonsense)
    table = panels_of("sample")["milestone", "what-if"].table.iloc[0]
    assert any(f"As it is, plan on {words.day(table['plan_on'])}" in plainly(text) for text in shown(app))


@pytest.mark.usefixtures("at_home")
def test_a_scenario_for_a_milestone_that_is_gone_is_shown_of_no_other():
    app = at(milestone="Renamed · BERTH", pace="150", due="2026-12-01")
    assert app.warning[0].value.startswith(plain("Renamed · BERTH") + " is not here")
    assert any("As it is, plan on " in plainly(text) for text in shown(app))
    assert not any("of the pace" in plainly(text) for text in shown(app) if "instead of" in text)


def plainly(text):
    return text.replace("\\", "")


@pytest.mark.usefixtures("at_home")
def test_a_programme_is_chosen_in_the_address():
    whole = opened("pages/programme.py")
    some = whole.multiselect(key="milestones").options[:2]
    app = opened("pages/programme.py", milestones=some)
    assert not app.exception
    assert app.multiselect(key="milestones").value == some
    assert [metric.value for metric in app.metric if metric.label == "Milestones"] == ["2"]
