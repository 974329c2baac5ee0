"""People, what they hold and who could take it: what the tests of rebalancing share."""

from dataclasses import fields

import numpy as np
import pandas as pd


def people(**hours):
    """`people(ann=(40, 5), bob=40)`: capacity and fixed load of each; nothing is fixed unless told otherwise."""
    rows = [(name, *(told if isinstance(told, tuple) else (told, 0))) for name, told in hours.items()]
    types = {"person": "str", "capacity_hours": "float64", "fixed_hours": "float64"}
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def items(*rows):
    """`items(("1", "ann", 5), ("2", "ann", 3, True))`: item, holder, hours; the fourth says that it is started."""
    types = {"item": "str", "person": "str", "hours": "float64", "is_started": "bool"}
    told = [(item, holder, hours, *(rest or [False])) for item, holder, hours, *rest in rows]
    return pd.DataFrame(told, columns=list(types)).astype(types)


def could_take(*rows):
    """`could_take(("1", "bob"), ("1", "cy", 4))`: item, person, how many like it they have finished (1)."""
    types = {"item": "str", "person": "str", "n_alike": "int64"}
    told = [(item, person, *(rest or [1])) for item, person, *rest in rows]
    return pd.DataFrame(told, columns=list(types)).astype(types)


def everybody(who, what):
    """Everybody could take everything."""
    return could_take(*((item, person) for item in what["item"] for person in who["person"]))


def steps(found):
    """Number of moves → highest ratio."""
    return dict(zip(found.steps["n_moves"].tolist(), found.steps["highest"].tolist(), strict=True))


def moves(found, n_moves):
    """Who hands what to whom in the plan of so many moves, by item."""
    plan = found.moves[found.moves["n_moves"] == n_moves].sort_values("item")
    return list(zip(plan["item"], plan["from_person"], plan["to_person"], strict=True))


def same(left, right):
    """Whether two frontiers tell the same."""
    for field in fields(left):
        one, other = getattr(left, field.name), getattr(right, field.name)
        if field.name == "floor":
            np.testing.assert_allclose(one, other)
        else:
            pd.testing.assert_frame_equal(one, other)


def at_random(seed, n_people=4, n_items=6):
    """A small problem with everything that can be told of one: tables, and what the lead has decided."""
    rng = np.random.default_rng(seed)
    names = [f"p{number}" for number in range(n_people)]
    capacity = rng.choice([0, 20, 40, 60], n_people, p=[0.15, 0.25, 0.35, 0.25])
    who = people(
        **{name: (float(hours), float(rng.integers(0, 8))) for name, hours in zip(names, capacity, strict=True)}
    )
    holders = rng.choice(names[:2] if seed % 2 else names, n_items)
    what = items(*(
        (str(number), holder, float(rng.integers(1, 20)) / 2, bool(rng.random() < 0.15))
        for number, holder in enumerate(holders)
    ))  # fmt: skip
    pairs = [(item, name) for item in what["item"] for name in names]
    could = could_take(*((*pair, int(rng.integers(1, 5))) for pair in pairs if rng.random() < 0.6))
    decided = {
        "pinned": [item for item in what["item"] if rng.random() < 0.1],
        "accepted": [pair for pair in pairs if rng.random() < 0.03],
        "rejected": [pair for pair in pairs if rng.random() < 0.05],
        "with_started": bool(rng.random() < 0.3),
    }
    return (who, what, could), decided


def large(seed, n_people=15, n_items=80, n_skills=4):
    """A team of the usual size: part-time and full-time, half of the skills each, uneven loads."""
    rng = np.random.default_rng(seed)
    who = people(**{f"p{number:03}": float(hours) for number, hours in enumerate(rng.choice([40, 60, 80], n_people))})
    hours = np.maximum(np.round(rng.lognormal(1, 0.7, n_items) * 2) / 2, 0.5)
    holder = rng.choice(n_people, n_items, p=rng.dirichlet(np.full(n_people, 1.5)))
    what = items(*zip(map(str, range(n_items)), who["person"][holder], hours, strict=True))
    has = rng.random((n_people, n_skills)) < 0.5
    item, person = np.nonzero(has[:, rng.integers(0, n_skills, n_items)].T)
    pairs = zip(what["item"].to_numpy()[item], who["person"].to_numpy()[person], strict=True)
    return who, what, could_take(*pairs)
