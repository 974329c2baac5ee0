"""Reports for a chat: what is said, with links; and nothing but text comes of what stands in a tracker."""

import re

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from reports.markdown import MARKDOWN, MOST_CHARACTERS, MRKDWN, PLAIN, commonmark, flat, mrkdwn, to_markdown
from reports.panel import Headline
from reports.reader import Reader
from tests.reports.test_html import SERVED, panel, report, scope, sentences
from tests.reports.worlds import FORMULA, HOSTILE, reports_of

OF = "As of 15 June 2026 08:00 UTC, window of 90 days. All teams. All projects."
GFM = MarkdownIt("gfm-like", {"linkify": False, "html": True})
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
HOSTILE_TEXTS = [
    HOSTILE,
    FORMULA,
    "# heading",
    "1. one",
    "1) one",
    "- item",
    "+ item",
    "> quote",
    "---",
    "===",
    "***",
    "```sh\nrm\n```",
    "    code",
    "~~~",
    "[x](http://evil)",
    "![x](http://evil/p.png)",
    "[x][y]\n\n[y]: http://evil",
    "<http://evil>",
    "<b>x</b>",
    "<!-- x -->",
    "<!channel> <@U123> <#C1|x> <http://evil|x>",
    "@channel @here @all @octo",
    "http://evil.example www.evil.example a@evil.example mailto:a@evil.example",
    "a | b\n--- | ---\n1 | 2",
    "~~gone~~ _x_ __x__ *x* **x** `x` ***x***",
    "$x$ $$x$$ \\(x\\)",
    ":tada: #12 octo/repo#12 GH-12 ~town-square",
    "&lt;b&gt; &amp; &#42;x&#42;",
    "a\\",
    "\\*x\\*",
    "- [ ] todo",
    "[^1] [^1]: x",
    "a\u202eevil\u202c \u200b\u2066x\u2069 \x07\x1b[31m",
    "a\r\nb\u2028c\x0bd",
    *(f"{sign}x{sign}" for sign in PUNCTUATION),
    *(f"{sign} x" for sign in PUNCTUATION),
    *(f"x {sign}" for sign in PUNCTUATION),
    *(f"{sign}{sign}{sign}" for sign in PUNCTUATION),
]  # fmt: skip


def tokens(markdown):
    """Everything a parser finds, inner things too."""
    found = []
    for token in GFM.parse(markdown):
        found.extend([token, *(token.children or [])])
    return found


def shown(markdown):
    """The text a reader sees, without what does not show."""
    return "".join(each.content for each in tokens(markdown) if each.type in {"text", "text_special"}).replace(
        "\u2060", ""
    )


def kinds(markdown):
    return {each.type for each in tokens(markdown)} - {"inline", "text", "text_special"}


@pytest.mark.parametrize("line", ["{}", "- {}", "- {} A-1", "says {}", "**{}**", "# {}", "- **x**: {}"])
def test_in_commonmark_hostile_text_is_text_wherever_it_stands(line):
    for text in HOSTILE_TEXTS:
        written = line.format(commonmark(text))
        assert kinds(written) == kinds(line.format("x")), text
        assert flat(text) in shown(written)


def test_in_a_table_hostile_text_stays_in_its_cell():
    for text in HOSTILE_TEXTS:
        written = to_markdown([report(panel(table=pd.DataFrame({"title": [text], "n": [1]})))], scope())
        assert [each.type for each in tokens(written)].count("td_open") == 2, text
        assert flat(text) in shown(written)


def test_a_link_keeps_its_address_whatever_it_is_called():
    for text in HOSTILE_TEXTS:
        written = to_markdown([report(sentences(("It waits.", text, "https://h/1?a=1&b=<x>(y)*")))], scope())
        links = [dict(each.attrs)["href"] for each in tokens(written) if each.type == "link_open"]
        assert links == ["https://h/1?a=1&b=%3Cx%3E%28y%29*"], text
        assert not {"image", "html_inline", "html_block", "code_inline", "fence"} & kinds(written)


def test_in_slack_nothing_is_a_link_a_mention_or_a_format():
    for text in HOSTILE_TEXTS:
        written = mrkdwn(text)
        assert not set(written) & set("<>*_~`\n"), text
        assert not re.search(r"&(?!amp;|lt;|gt;)", written)
        assert not written.startswith("&gt;")
        assert not re.search(r"@\w|#\w|:\w|\w\.[a-z]", written)


@pytest.mark.parametrize("write", [commonmark, mrkdwn])
@pytest.mark.parametrize(
    "text", ["@channel", "x @here", "#12", "octo/repo#12", "GH-12", ":tada:", "~town", "https://e.example", "www.e.de",
             "ann@e.example", "mailto:ann@e.example"]
)  # fmt: skip
def test_what_chats_make_links_and_mentions_of_is_broken_by_a_sign_that_does_not_show(write, text):
    written = write(text)
    assert written != text
    for pattern in (r"@\w", r"#\d", r"GH-\d", r":\w+:", r"~\w", r"https?://", r"www\.\w", r"\w@\w", r"mailto:\w"):
        assert not re.search(pattern, written)


def test_numbers_times_and_keys_stay_as_they_are_to_copy():
    assert commonmark("CARGO-12 took 1.5 days (+7 %), 2 of 3") == "CARGO-12 took 1.5 days (+7 %), 2 of 3"
    assert mrkdwn("CARGO-12 took 1.5 days (+7 %), 2 of 3") == "CARGO-12 took 1.5 days (+7 %), 2 of 3"


def test_a_report_is_its_title_what_it_is_of_its_numbers_and_its_sentences():
    made = report(
        sentences(("A-1 waits for 3 days.", "A-1", "https://h/1"), ("R 8 slips.", "R 8", "/milestone?milestone=R+8")),
        headlines=(Headline(label="At risk", value="2", help="", delta="+1"),),
    )
    reader = Reader("stakeholders", ("People are not named.",))
    assert to_markdown([made], scope(), address=SERVED, reader=reader).replace("\u2060", "").split("\n\n") == [
        "# R",
        f"{OF} Made for stakeholders. People are not named.",
        "At risk: **2** (\\+1)",
        "**T**",
        f"- A-1 waits for 3 days. [A-1](<https://h/1>)\n- R 8 slips. [R 8](<{SERVED}/milestone?milestone=R+8>)\n",
    ]


def test_the_same_for_slack_and_as_plain_text():
    made = report(sentences(("A-1 waits.", "A-1", "https://h/1?a=1&b=2")))
    assert "- A-1 waits. <https://h/1?a=1&amp;b=2|A-1>\n" in to_markdown([made], scope(), dialect=MRKDWN)
    assert "- A-1 waits. A-1 (https://h/1?a=1&b=2)\n" in to_markdown([made], scope(), dialect=PLAIN)


def test_without_an_address_pages_of_ours_are_not_named():
    made = report(sentences(("R 8 slips.", "R 8", "/milestone?milestone=R+8")))
    assert to_markdown([made], scope()).endswith("- R 8 slips.\n")


def test_small_tables_stand_there_in_markdown_alone_and_large_ones_nowhere():
    small, large = pd.DataFrame({"title": ["a", "b"]}), pd.DataFrame({"title": ["a"] * 7})
    made = [report(panel(table=small)), report(panel(table=large), key="p")]
    assert "| Title |\n| --- |\n| a |\n| b |" in to_markdown(made, scope())
    assert to_markdown(made, scope()).count("| --- |") == 1
    assert "|" not in to_markdown(made, scope(), dialect=MRKDWN)


def test_where_there_is_nothing_it_says_so():
    empty = panel(table=pd.DataFrame({"key": []}), empty="Nobody waits.")
    assert "**T**: Nobody waits." in to_markdown([report(empty)], scope())


@pytest.mark.parametrize("dialect", [MARKDOWN, MRKDWN, PLAIN])
def test_it_is_never_longer_than_a_chat_takes_and_says_what_is_left_out(dialect):
    made = [report(*[panel(takeaway="x" * 500)] * 100)]
    written = to_markdown(made, scope(), dialect=dialect)
    assert MOST_CHARACTERS * 0.9 < len(written) <= MOST_CHARACTERS
    kept = written.count("x" * 500)
    left_out = int(re.search(r"Left out here: (\d+) more", written)[1])
    assert kept + left_out >= 100
    assert len(to_markdown(made, scope(), dialect=dialect, most=2_000)) <= 2_000


def test_long_lists_say_how_many_more_there_are():
    made = report(sentences(*[("It waits.", "", "")] * 15))
    assert "3 more are in the whole report." in to_markdown([made], scope())


@pytest.mark.parametrize("dialect", [MARKDOWN, MRKDWN])
def test_the_hostile_organisation_is_written_as_text(dialect):
    written = to_markdown(reports_of("hostile").values(), scope("hostile"), title="X", address=SERVED, dialect=dialect)
    assert "onerror" in written
    if dialect is MARKDOWN:
        assert kinds(written) <= {
            "heading_open", "heading_close", "paragraph_open", "paragraph_close", "strong_open", "strong_close",
            "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "link_open", "link_close",
            "table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open",
            "tr_close", "th_open", "th_close", "td_open", "td_close", "softbreak",
        }  # fmt: skip
    leads = re.findall(r"<([^|>]*)[|>]", written)
    assert all(each.startswith(SERVED) for each in leads)
