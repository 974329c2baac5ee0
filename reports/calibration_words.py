"""How often our dates held, in words for a terminal: what a calibration found, and what could not be said."""

import pandas as pd

from metrics.forecast import scores
from reports import words
from reports.calibrating import of_kind

KINDS = {"parts": "At parts of each milestone's window", "weekly": "Week by week"}
METHODS = {
    "ours": "Fairlead",
    "as_first_made": "Fairlead before it learned",
    "due_holds": "The due date holds",
    "linear": "Linear burn-up",
    "jira": "Jira's velocity −10 %",
    "last_three": "Pace of the last three weeks",
    "reference_class": "How long others took",
    "bootstrap_12": "Monte Carlo of twelve weeks",
}
REASONS = {
    "no_history": "fewer than six whole weeks of its own and too few milestones to compare with",
    "no_throughput": "nothing was finished in the weeks that count",
}
INTERRUPTED = "The calibration was ended; what was synced is kept. `fairlead calibrate` does it once more."
NONE_CLOSED = (
    "No milestone with dated work has been closed yet, so there is nothing to compare forecasts with: they are given "
    "as first made. Calibrate again when one has been closed."
)


def in_words(rows: pd.DataFrame) -> str:
    """All of it; `rows` is a backtest."""
    if rows["over_at"].isna().all():
        return NONE_CLOSED
    n = rows["milestone"].nunique()
    head = f"{words.count(len(rows), 'forecast')} made anew with what was known then, {words.count(n, 'milestone')}."
    return "\n\n".join([head, *(f"{title}\n{_kind(of_kind(rows, kind))}" for kind, title in KINDS.items())])


def in_a_line(rows: pd.DataFrame) -> str:
    """What a sync says of it: the weekly dates, which are what pages show and learn from."""
    if rows["over_at"].isna().all():
        return "calibration: no milestone with dated work has been closed yet"
    return f"calibration: week by week, {held(of_kind(rows, 'weekly'))} `fairlead calibrate` says more."


def held(rows: pd.DataFrame, level: str = "p85") -> str:
    """`85 % dates held in 41 of 48 cases (85 %; 95 % interval 73–93 %), 16 milestones.`; open ones past it count."""
    found = next(row for row in scores.coverage(rows).to_dict("records") if row["level"] == level)
    wanted = words.share(found["wanted"])
    if not found["n"]:
        return f"no {wanted} date can be judged yet."
    interval = f"{found['wilson_low'] * 100:.0f}–{found['wilson_high'] * 100:.0f} %"
    return (
        f"{wanted} dates held in {found['n_held']:,} of {words.count(found['n'], 'case')} "
        f"({words.share(found['held_share'])}; 95 % interval {interval}), "
        f"{words.count(found['n_milestones'], 'milestone')}."
    )


def _kind(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "  no forecast could be made anew."
    said = held(rows)
    table = scores.against_baselines(rows)
    known = table[(table["level"] == "p85") & (table["method"] != "ours") & (table["n"] > 0)]
    lines = [words.sentence(said), *_beside(known), *_unsaid(rows)]
    return "\n".join(f"  {line}" for line in lines)


def _beside(known: pd.DataFrame) -> list[str]:
    """The 85 % dates next to other ways, on the cases of closed milestones where those say anything."""
    if known.empty:
        return []
    head = "How far off 85 % dates were, closed milestones (pinball loss in weeks, lower is better):"
    names = f"  {'':<30}{'cases':>7}{'held':>12}{'loss':>9}{'ours':>9}"
    rows = [
        f"  {METHODS[row['method']]:<30}{row['n']:>7,}{words.share(row['held_share']):>12}"
        f"{words.number(row['pinball_weeks'], 2):>9}{words.number(row['ours_weeks'], 2):>9}"
        for row in known.to_dict("records")
    ]
    better = known.loc[known["pinball_weeks"] < known["ours_weeks"], "method"].map(METHODS)
    verdict = f"Closer than ours: {', '.join(better)}." if len(better) else "None of them was closer than ours."
    return [head, names, *rows, verdict]


def _unsaid(rows: pd.DataFrame) -> list[str]:
    """What named no date, and why."""
    return [
        f"No date in {words.count(int(row['n']), 'case')} of {words.count(int(row['n_milestones']), 'milestone')}: "
        f"{REASONS.get(row['status'], str(row['status']).replace('_', ' '))}."
        for row in scores.left_out(rows).to_dict("records")
    ]
