"""How good the suggested reviewers would have been: rows for programs, a table for a panel, words for a terminal.

Nobody is named in any of them: who reviewed what is evidence, not the answer.
"""

import json
import math
from typing import Any

import pandas as pd

from fairlead.frames import Frames
from fairlead.scope import Scope
from metrics import suggest
from reports import words

ENOUGH = 30
"""With fewer pull requests nothing is said of shares: the interval would be as wide as the question."""
METHODS = {
    "ours": "Fairlead",
    "popularity": "Who reviews most lately",
    "popularity_familiarity": "The same, and who knows the author",
    "divided_by_load": "Who reviews most, divided by load",
    "random": "Anybody active",
}
TABLE = ["method", "n", "top1_share", "top3_share", "top5_share", "mrr", "named_load", "three_load", "hoover_after"]
KEPT = ["pull_request", "at", "method", "n_candidates", "n_reviewers", "hit_1", "hit_3", "hit_5", "reciprocal_rank"]
"""What other programs are told of each pull request; not who wrote it, nor who reviewed it or would have."""
LOADS = ["first_open", "three_open"]
TOO_FEW = (
    "that somebody reviewed. At least 30 are needed to say how good suggested reviewers are; nothing is said of fewer."
)
TRUTH = (
    "Right is who really reviewed or commented. Who reviewed need not be who should have: this shows that names are "
    "sensible, not that they are best."
)


def evaluated(frames: Frames, scope: Scope, *, limit: int | None = None) -> pd.DataFrame:
    """Every pull request asked about as if it had just been opened, by each method: see `metrics.suggest.evaluate`."""
    return suggest.evaluate(
        frames,
        as_of=scope.as_of,
        most_requests=scope.agreements.most_requests,
        zone=scope.working_time.time_zone,
        limit=limit,
    )


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per method, best known first, for a panel. `rows` is what `evaluated` gives.

    Returns method (as people read it), n (pull requests), top1_share, top3_share, top5_share (0–1), mrr, named_load
    and three_load (pull requests on the desk of the first name, and of the first three on average), hoover_after
    (share of first reviews that would have to move). Empty where there are fewer than `ENOUGH`.
    """
    found = suggest.scores(rows)
    found = found[found["n"] >= ENOUGH].reset_index(drop=True)
    return found.assign(method=found["method"].map(METHODS).astype("str"))[TABLE]


def as_json(rows: pd.DataFrame, *, as_of: pd.Timestamp) -> str:
    """What an evaluation found, for other programs; `null` is undefined. People are not named.

    `as_of`; `n`: pull requests judged; `enough`: whether they are enough to go by; `scores`: method → the columns of
    `metrics.suggest.scores`; `pull_requests`: one record per pull request and method.
    """
    found = {
        "as_of": as_of.isoformat(),
        "n": rows["pull_request"].nunique(),
        "enough": rows["pull_request"].nunique() >= ENOUGH,
        "scores": {each.pop("method"): each for each in _records(suggest.scores(rows))},
        "pull_requests": _records(rows[[*KEPT, *LOADS]]),
    }
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _records(found: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _cell(value) for name, value in row.items()} for row in found.to_dict("records")]


def _cell(value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


def in_words(rows: pd.DataFrame) -> str:
    """All of it for a terminal; `rows` is what `evaluated` gives."""
    n = rows["pull_request"].nunique()
    if n < ENOUGH:
        return f"There {words.agree(n, 'is', 'are')} {words.count(n, 'pull request')} {TOO_FEW}"
    scores = suggest.scores(rows)
    first, last = words.day(rows["at"].min()), words.day(rows["at"].max())
    head = f"{n:,} pull requests, opened from {first} to {last}, each asked about with what was known just before."
    return "\n\n".join([head, "\n".join(_sentences(scores)), _as_text(scores), TRUTH])


def in_a_line(rows: pd.DataFrame) -> str:
    """The answer in a sentence, for a panel."""
    n = rows["pull_request"].nunique()
    if n < ENOUGH:
        return f"{words.count(n, 'pull request')} {TOO_FEW}"
    scores = suggest.scores(rows)
    ours, most = _of(scores, "ours"), _of(scores, "popularity")
    return (
        f"Of three suggested people one really reviewed in {_share(ours, 'top3_share')} of {n:,} pull requests, and "
        f"the first of them had {words.number(ours['named_load'], 1)} open where naming who reviews most would have "
        f"named somebody with {words.number(most['named_load'], 1)}."
    )


def _sentences(scores: pd.DataFrame) -> list[str]:
    ours, most = _of(scores, "ours"), _of(scores, "popularity")
    found = (
        "One of three suggested people really reviewed in {}, one of five in {}, the first in {}.",
        "Naming who reviews most finds one of three in {}, one of five in {}, the first in {}.",
    )
    shares = ([_share(each, name) for name in ("top3_share", "top5_share", "top1_share")] for each in (ours, most))
    desks = (
        f"The first name had {words.number(ours['named_load'], 1)} pull requests on their desk, "
        f"{words.number(most['named_load'], 1)} where who reviews most is named{_less(ours['load_change'])}; the first "
        f"three {words.number(ours['three_load'], 1)} and {words.number(most['three_load'], 1)} on average."
    )
    spread = (
        f"Of first reviews {words.share(ours['hoover_before'])} would have to move to be spread evenly; had everybody "
        f"followed the first name, {words.share(ours['hoover_after'])}, with who reviews most "
        f"{words.share(most['hoover_after'])}."
    )
    return [*(text.format(*values) for text, values in zip(found, shares, strict=True)), desks, spread]


def _of(scores: pd.DataFrame, method: str) -> dict[str, Any]:
    return {str(name): value for name, value in scores[scores["method"] == method].iloc[0].items()}


def _share(scored: dict[str, Any], name: str) -> str:
    """`94 % (95 % interval 91–96 %)`."""
    low, high = scored[f"{name}_low"], scored[f"{name}_high"]
    interval = "" if math.isnan(low) else f" (95 % interval {low * 100:.0f}–{high * 100:.0f} %)"
    return f"{words.share(scored[name])}{interval}"


def _less(change: float) -> str:
    """`, 57 % less`."""
    if math.isnan(change) or round(change * 100) == 0:
        return ""
    return f", {abs(change) * 100:.0f} % {'less' if change < 0 else 'more'}"


def _as_text(scores: pd.DataFrame) -> str:
    """The methods beside one another."""
    heads = ("first", "of 3", "of 5", "MRR", "open, first", "of 3", "to move")
    lines = [f"{'':<36}" + "".join(f"{head:>13}" for head in heads)]
    for row in scores.to_dict("records"):
        shares = [words.share(row[name]) for name in ("top1_share", "top3_share", "top5_share")]
        loads = [words.number(row[name], 1) for name in ("named_load", "three_load")]
        cells = [*shares, words.number(row["mrr"], 2), *loads, words.share(row["hoover_after"])]
        lines.append(f"{METHODS[row['method']]:<36}" + "".join(f"{cell:>13}" for cell in cells))
    return "\n".join(lines)
