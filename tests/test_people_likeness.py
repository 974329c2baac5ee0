"""How alike two accounts are, and which pairs pass: every kind of evidence with its figure."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairlead.people import candidates, likeness, spelling


def sure(one, other):
    """Confidence of two (name, login) pairs."""
    sides = [likeness.features(pd.Series([name], dtype="str"), pd.Series([login])) for name, login in (one, other)]
    return likeness.scores(*sides).loc[0, "confidence"]


def by_names(one, other):
    return sure((one, "x1"), (other, "y2"))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Łukasz O’Brien", "lukasz obrien"),
        ("ÅSE Müller-Weiß", "ase muller-weiss"),
        ("Жанна Ёлкина", "жанна елкина"),
        ("が き", "が き"),
        ("ＡＮＮ", "ann"),
        ("", ""),
    ],
)
def test_case_and_accents_fold_but_not_marks_that_make_other_letters(text, plain):
    assert spelling.folded(text) == plain


@pytest.mark.parametrize(
    ("one", "other", "confidence"),
    [
        ("Ann Lee", "ann LEE", 0.95),
        ("José García", "Jose Garcia", 0.95),
        ("Lee, Ann", "Ann Lee", 0.95),
        ("Lee Ann", "Ann Lee", 0.93),
        ("Dr. Ann Lee, PhD", "Ann Lee", 0.95),
        ("Ann Lee (Contractor)", "Ann Lee [X]", 0.95),
        ("Ann Marie Lee", "Ann Lee", 0.93),
        ("Ann M. Lee", "Ann Marie Lee", 0.93),
        ("Ann M. Lee", "Ann B. Lee", 0.60),
        ("Hans von Berg", "Hans Berg", 0.93),
        ("Hans von Berg", "Hans von Berg", 0.95),
        ("Jean-Pierre Martin", "Jean Pierre Martin", 0.95),
        ("Lucía Ferrandiz-Otal", "Lucia Ferrandiz Otal", 0.95),
        ("Sean O'Brien", "Sean OBrien", 0.95),
        ("Jörg Müller", "Joerg Mueller", 0.95),
        ("Иван Петров", "Иван Петров", 0.95),
        ("Петров, Иван", "Иван Петров", 0.95),
        ("山田太郎", "山田 太郎", 0.95),
        ("김철수", "김철수", 0.95),
        ("Minh Le", "Minh Le", 0.95),
        ("Ann Lee 2", "Ann Lee 3", 0.60),
        ("ann.lee@example.org", "Ann Lee", 0.95),
    ],
)
def test_full_names_that_agree(one, other, confidence):
    assert by_names(one, other) == confidence
    assert by_names(other, one) == confidence


@pytest.mark.parametrize(
    ("one", "other", "confidence"),
    [
        ("A. Lee", "Ann Lee", 0.80),
        ("A. Lee", "A. Lee", 0.80),
        # Levenshtein: one letter of seven, 0.95 · 6/7
        ("Daniel Smith", "Daniela Smith", 0.8143),
        ("Michael Novak", "Michal Novak", 0.8143),
        # 0.95 · 3/4 is not worth a look, so two full names speak against each other
        ("Ann Smith", "Anna Smith", 0.60),
        ("John Smith", "Jane Smith", 0.2375),  # 0.95 · 1/4
    ],
)
def test_names_that_differ_never_come_to_the_threshold(one, other, confidence):
    assert by_names(one, other) == pytest.approx(confidence, abs=1e-4)


@pytest.mark.parametrize("name", ["Alex", "alex", "", "(QA)", "王伟", "A B", "...", "42"])
def test_what_is_no_full_name_never_makes_two_accounts_one(name):
    assert by_names(name, name) < likeness.ALIKE


@pytest.mark.parametrize(
    ("one", "other", "confidence"),
    [
        (("", "annlee84"), ("", "annlee84"), 0.93),  # eight characters
        (("", "mquarv"), ("", "mquarv"), 0.85),  # six, and nothing else
        (("", "mquarv"), ("Mateus Quarv", "mquarv"), 0.93),  # six, made of the name
        (("", "sipa"), ("", "sipa"), 0.80),
        (("", "cb"), ("", "cb"), 0.0),
        (("", "alex"), ("", "alex"), 0.60),
        (("", "alexander"), ("", "alexander"), 0.60),
        (("", "alexander1984"), ("", "alexander1984"), 0.85),
        (("", "ann.lee"), ("Ann Lee", "x1"), 0.93),
        (("", "AnnLee"), ("Ann Lee", "x1"), 0.93),
        (("", "ann.lee84"), ("Ann Lee", "x1"), 0.91),
        (("", "dharma.rao1"), ("", "dharma.rao2"), 0.56),
        (("", "dharma.rao8"), ("", "dharma.rao84"), 0.56),  # 0.60 less 0.02 for each login
        (("", "DharmaRao"), ("", "dharma.rao7"), 0.89),
        (("", "annlee"), ("Ann Lee", "x1"), 0.93),
        (("", "leeann"), ("Ann Lee", "x1"), 0.93),
        (("", "annlee84"), ("Ann Lee", "x1"), 0.88),
        (("", "jsmith"), ("John Smith", "x1"), 0.80),
        (("", "ann.lee@example.org"), ("Ann Lee", "x1"), 0.93),
        (("", "conal_tuohy"), ("", "conal.tuohy"), 0.93),
        (("", "quarvalho"), ("", "quarvalho7"), 0.78),
        (("", "quarvalho1"), ("", "quarvalho2"), 0.0),
        (("", "gmaxwell"), ("", "dmaxwell"), 0.8138),  # 0.93 · 7/8
    ],
)
def test_logins(one, other, confidence):
    assert sure(one, other) == pytest.approx(confidence, abs=1e-4)
    assert sure(other, one) == pytest.approx(confidence, abs=1e-4)


def test_name_and_login_together_are_surer_than_either():
    assert sure(("Ann Lee", "annlee84"), ("Ann Lee", "annlee84")) == 0.99


def test_one_login_of_two_different_names_is_not_one_person():
    assert sure(("John Smith", "jsmith84"), ("Jane Doe", "jsmith84")) == 0.60


def test_a_nickname_before_the_same_last_name_and_login_waits_for_a_decision():
    assert sure(("Bob Smith", "rsmith84"), ("Robert Smith", "rsmith84")) == 0.78


def test_a_letter_is_forgiven_where_the_logins_agree():
    assert sure(("Philip Meier", "pmeier"), ("Philipp Meier", "pmeier")) == 0.94


def test_names_in_different_scripts_do_not_speak_against_one_login():
    assert sure(("Иван Петров", "ivanpetrov"), ("Ivan Petrov", "ivanpetrov")) == 0.93


def test_a_name_of_a_hundred_thousand_letters_is_cut():
    assert sure(("(" * 100_000, "x" * 100_000), ("(" * 100_000, "y" * 100_000)) == 0.0


def scored(*rows):
    return pd.DataFrame(rows, columns=["left", "right", "confidence"]).astype({"confidence": float})


def passed(table, **how):
    chosen = table[candidates.is_best(table, **{"threshold": 0.92, **how})]
    return list(zip(chosen["left"], chosen["right"], strict=True))


def test_a_pair_passes_where_it_is_sure_enough_and_nobody_comes_near():
    assert passed(scored(("a", "x", 0.95), ("a", "y", 0.91), ("b", "y", 0.93))) == [("a", "x")]
    # b–y is the best of both, but a–y comes within 0.04 of it


def test_namesakes_on_either_side_pass_nobody():
    assert passed(scored(("a", "x", 0.95), ("a", "y", 0.95))) == []
    assert passed(scored(("a", "x", 0.95), ("b", "x", 0.95))) == []


def test_of_namesakes_the_one_with_the_same_login_passes():
    assert passed(scored(("a", "x", 0.99), ("a", "y", 0.95), ("b", "x", 0.95), ("b", "y", 0.95))) == [("a", "x")]


def test_a_pair_taken_for_one_person_before_stays_when_a_namesake_joins():
    table = scored(("a", "x", 0.95), ("a", "y", 0.95))
    assert passed(table, is_held=pd.Series([True, False])) == [("a", "x")]


def test_a_pair_taken_for_one_person_before_gives_way_to_a_clearly_better_one():
    table = scored(("a", "x", 0.95), ("a", "y", 0.99))
    assert passed(table, is_held=pd.Series([True, False])) == [("a", "y")]


def test_a_pair_taken_for_one_person_before_goes_apart_below_the_threshold():
    assert passed(scored(("a", "x", 0.90)), is_held=pd.Series([True])) == []


def test_however_low_the_threshold_what_is_unlike_never_passes():
    assert passed(scored(("a", "x", 0.74), ("b", "y", 0.75)), threshold=0.01) == [("b", "y")]


def test_no_pairs_pass_none():
    assert passed(scored()) == []


def best_by_loop(rows, threshold, margin):
    found = []
    for left, right, confidence in rows:
        rivals = [c for le, ri, c in rows if (le == left) != (ri == right)]
        if confidence >= threshold and all(round(confidence - rival, 6) >= margin for rival in rivals):
            found.append((left, right))
    return found


confidences = st.sampled_from([0.75, 0.88, 0.91, 0.92, 0.93, 0.95, 0.97, 0.99])
tables = st.dictionaries(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), confidences, max_size=14)


@given(tables, st.sampled_from([0.75, 0.92, 0.95]))
def test_the_rule_is_that_of_a_plain_loop(table, threshold):
    rows = [(left, right, confidence) for (left, right), confidence in table.items()]
    assert passed(scored(*rows), threshold=threshold) == best_by_loop(rows, threshold, candidates.MARGIN)


@given(tables, st.data())
def test_nobody_is_in_two_pairs_whatever_was_held(table, data):
    rows = [(left, right, confidence) for (left, right), confidence in table.items()]
    held = pd.Series(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), dtype=bool)
    chosen = passed(scored(*rows), is_held=held)
    assert len({left for left, _ in chosen}) == len({right for _, right in chosen}) == len(chosen)


def named(names, logins=None):
    logins = logins or ["" for _ in names]
    return likeness.features(pd.Series(names, dtype="str"), pd.Series(logins, dtype="str"))


WORDS = ["Ann", "Anna", "Lee", "Li", "Marie", "Berg", "von", "Smith", "Smyth", "J."]
people_names = st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(" ".join), max_size=6)


@settings(max_examples=25)
@given(people_names, people_names)
def test_no_pair_worth_a_look_is_passed_over(some, others):
    left, right = named(some), named(others)
    every = pd.MultiIndex.from_product([range(len(some)), range(len(others))]).to_frame(index=False).astype("int64")
    a, b = (side.iloc[every[n]].reset_index(drop=True) for n, side in enumerate((left, right)))
    alike = every[(likeness.scores(a, b)["confidence"] >= likeness.ALIKE).to_numpy()]
    found = candidates.pairs(left, right)
    assert set(alike.itertuples(index=False, name=None)) <= set(found.itertuples(index=False, name=None))


def test_five_thousand_by_five_thousand_are_compared_once_each_and_in_blocks(monkeypatch):
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    codes = np.arange(5000)
    word = ["".join(letters[[n % 26, n // 26 % 26, n // 676 % 26, 3]]) for n in codes]
    left = named([f"{each}a Olsen{each}" for each in word], [f"{each}{each}1" for each in word])
    right = named([f"{each}o Ulven{each}" for each in word], [f"{each}{each}2" for each in word])
    seen, cdist = [], candidates.process.cdist

    def counted(some, others, **how):
        seen.append((len(some), len(others)))
        return cdist(some, others, **how)

    monkeypatch.setattr(candidates.process, "cdist", counted)
    candidates.pairs(left, right)
    assert sum(rows * columns for rows, columns in seen) == 2 * 5000 * 5000  # names, and logins
    assert max(rows for rows, _ in seen) == candidates.BLOCK
