"""GitHub: the repositories of one token as sources. `fetch` talks (`client`, `queries`), `tables` shapes (`rows`)."""

from connectors.github.lane import GithubLane, GithubSource

__all__ = ["GithubLane", "GithubSource"]
