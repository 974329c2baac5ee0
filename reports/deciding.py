"""The desk at which a lead decides on moves of work. What is decided stands in the address, and nowhere else."""

from collections.abc import Collection

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from reports import render
from reports.controls import ADDRESS
from reports.records import Record, records
from reports.workload.moving import BUDGET, MOST_MOVES, NOTHING, Pair, Plan, Wish

ACCEPT, REJECT, KEEP = "accept", "reject", "keep"
"""What the address calls the decisions: `accept=FL-12>person`, `reject=FL-12>person`, `keep=FL-12`."""
SAYS = {ACCEPT: "Accept", REJECT: "Not to them", KEEP: "Stays"}
TO = ">"
NOT_HERE = "somebody who is not here"
DECIDED = ("moves", "started", ACCEPT, REJECT, KEEP)


def wish(closely: Collection[str]) -> tuple[Wish, DeltaGenerator | None]:
    """What the reader wants of the plan, and where its moves can be decided on.

    `closely` are the people whom the reader may look at closely. Nowhere for who sees no two of them: they are told of
    no move.
    """
    if len(closely) < 2:
        return NOTHING, None
    is_open = any(key in st.query_params for key in DECIDED)
    with st.expander("Decide on moves: how many, which ones", expanded=is_open, icon=":material/swap_horiz:"):
        left, right = st.columns(2)
        with left:
            budget = st.slider(
                "Most moves", 1, MOST_MOVES, BUDGET, key="moves", bind=ADDRESS, help="Each move costs a conversation."
            )
        with right:
            with_started = st.toggle(
                "Started items may move",
                key="started",
                bind=ADDRESS,
                help="Handing over what somebody has begun costs more than what nobody has.",
            )
        desk = st.container()
        st.caption("Nothing is written to GitHub or Jira. The address of this page holds your decisions: send it on.")
    return _wished(budget, with_started=with_started), desk


def _wished(budget: int, *, with_started: bool) -> Wish:
    # An address may say the same twice; a decision is made once.
    asked = {name: list(dict.fromkeys(st.query_params.get_all(name))) for name in (ACCEPT, REJECT, KEEP)}
    return Wish(
        budget=budget,
        with_started=with_started,
        accepted=tuple(_pair(text) for text in asked[ACCEPT] if TO in text),
        rejected=tuple(_pair(text) for text in asked[REJECT] if TO in text),
        pinned=tuple(asked[KEEP]),
    )


def _pair(text: str) -> Pair:
    key, _, person = text.partition(TO)
    return key, person


def decide(desk: DeltaGenerator | None, plan: Plan, decided: Wish) -> None:
    """The moves of the plan and those decided on before, each with what can be said of it."""
    if desk is None:
        return
    with desk:
        moves = records(plan.moves)
        if not moves and not decided.rejected and not decided.pinned:
            st.markdown("No move to decide on.")
        for move in moves:
            _row(move, is_accepted=move["decision"] == "accepted")
        for key, person in decided.rejected:
            _undo(REJECT, f"{key}{TO}{person}", f"{key} does not go to {plan.names.get(person, NOT_HERE)}.")
        for key in decided.pinned:
            _undo(KEEP, key, f"{key} stays where it is.")
        for key, person in plan.forgotten:
            says = f"{key} does not go to {plan.names.get(person, NOT_HERE)} after all: {plan.forgotten[key, person]}."
            _undo(ACCEPT, f"{key}{TO}{person}", says)


def _row(move: Record, *, is_accepted: bool) -> None:
    key, person = move["key"], move["to_person"]
    with st.container(horizontal=True, vertical_alignment="center"):
        who = f"{render.plain(move['name'])} → **{render.plain(move['to'])}**"
        st.markdown(
            f"**{render.plain(key)}** {render.plain(move['title'])} · {who} · {move['hours']:.0f} h",
            width="stretch",
            help=render.plain(move["because"]),
        )
        name = f"decide-{key}-{person}"
        st.segmented_control(
            f"Decide on {key}",
            list(SAYS),
            default=ACCEPT if is_accepted else None,
            format_func=lambda said: SAYS[said],
            key=name,
            label_visibility="collapsed",
            on_change=_decided,
            args=(name, key, person),
        )


def _decided(name: str, key: str, person: str) -> None:
    """Put the decision into the address; taking it back takes it out."""
    said = st.session_state.pop(name, None)
    for decision, text in ((ACCEPT, f"{key}{TO}{person}"), (REJECT, f"{key}{TO}{person}"), (KEEP, key)):
        others = [other for other in st.query_params.get_all(decision) if other != text]
        st.query_params[decision] = [*others, text] if decision == said else others


def _undo(decision: str, text: str, says: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(render.plain(says), width="stretch")
        st.button("Undo", key=f"undo-{decision}-{text}", on_click=_taken_back, args=(decision, text), type="tertiary")


def _taken_back(decision: str, text: str) -> None:
    st.query_params[decision] = [other for other in st.query_params.get_all(decision) if other != text]
