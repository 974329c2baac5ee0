"""Every test of the connector has its secrets, which are made up."""

import pytest

from tests.connectors.jira.house import SECRET


@pytest.fixture(autouse=True)
def _secrets(monkeypatch):
    monkeypatch.setenv("HOUSE_USER", "reader@example.org")
    monkeypatch.setenv("HOUSE_TOKEN", SECRET)


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def is_cloud(request):
    return request.param
