"""Tracker text on screen: shown as it stands, never markup, never a link of its own."""

import pytest

from reports.render import JOINER, plain


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("see https://evil.example/x", "://"),
        ("see HTTP://evil.example", "://"),
        ("www.evil.example", "www\\."),
        ("write to a@evil.example", "a@"),
        ("mailto:a@evil.example", "mailto\\:a"),
    ],
)
def test_bare_addresses_are_broken_invisibly_because_markdown_makes_links_of_them(text, whole):
    assert whole not in plain(text)
    assert plain(text).replace(JOINER, "").replace("\\", "") == text


def test_markup_is_escaped_and_new_lines_cannot_start_a_block():
    assert plain("**b** [x](y)\n# h") == "\\*\\*b\\*\\* \\[x\\]\\(y\\) \\# h"


def test_plain_text_stays_what_it_is():
    assert plain("Release 8 due 3 July") == "Release 8 due 3 July"
