"""What is kept between runs: enough that a page seen before costs little, and nothing of what nobody can ask for."""

import gc

import pytest

from fairlead import access, config, store
from reports import foreseen, live, views
from reports.catalogue import ENTRIES


def measured():
    gc.unfreeze()  # what is set aside is not counted
    gc.collect()
    return sum(isinstance(each, foreseen.Measured) for each in gc.get_objects())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
def test_a_page_whose_report_is_kept_asks_for_no_tables(dashboard, monkeypatch, entry):
    """Viewers may have more different rights than tables can be kept for."""
    before = dashboard(entry.page)
    for of_few_rights in (views._restricted, live._measured):
        of_few_rights.clear()
    monkeypatch.setattr(access, "visible_to", None)
    after = dashboard(entry.page)
    assert not after.exception
    assert [each.value for each in after.markdown] == [each.value for each in before.markdown]


def test_a_new_edition_lets_go_of_what_was_made_of_the_one_before(dashboard):
    live._shown.clear()
    dashboard("pages/milestones.py")
    before = measured()
    for _ in range(3):
        with store.open(config.SAMPLE.store.url) as opened:
            opened.write({}, source="test", is_edition=True)
        dashboard("pages/milestones.py")
    assert 0 < measured() <= before
