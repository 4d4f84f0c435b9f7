"""Foreign text in Markdown is shown letter for letter: it makes no cell, no tag, no mention, no line of its own."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.text import plain
from coverage_roadmap.render.markdown import escape, view
from coverage_roadmap.render.page import Facts, Grid, Items, Link, Page, Section, Source, Tone, Word

NAME = "a|b`c`<script>alert(1)</script>\n@team #1 \x1b[31m\u202e&lt; ![x](y) ~~s~~ \\| **b** <!-- -->.py"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 60.5 %", "plain words, 60.5 %"),
        ("a|b", r"a\|b"),
        ("`x`", r"\`x\`"),
        ("<b>&amp;", r"\<b\>&amp;amp;"),
        ("a\nb\r\tc", r"a\\nb\\r\\tc"),
        ("@team a@b.c @ x", "@\u2060team a@\u2060b.c @ x"),
        ("o/r#12 #x # y", "o/r\\#\u206012 \\#x \\# y"),
        ("see https://a.b/c, FTP://d", "see https:\u2060//a.b/c, FTP:\u2060//d"),
        ("www.a.b _WWW.a", "www\u2060.a.b \\_WWW\u2060.a"),
        ("GH-1 _gh-2 high-3 gh-a", "GH\u2060-1 \\_gh\u2060-2 high-3 gh-a"),
        ("a@_b.c a@-b.c", "a@\u2060\\_b.c a@\u2060-b.c"),
        ("\x1b[31m\u202e", r"\\x1b\[31m\\u202e"),
        ("test_a.py::x[1-*]", r"test\_a.py::x\[1-\*\]"),
        ("\\|", r"\\\|"),
    ],
)
def test_signs_that_markdown_reads_are_escaped(text, shown):
    assert escape(text) == shown


def unescaped(text):
    """What a reader of the Markdown sees of escaped text."""
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)).replace("\u2060", "")


@given(st.text(st.characters() | st.sampled_from("\\|`<>&@#*_[]!~\n\u202e\x1b:/w."), max_size=40))
def test_escaped_text_is_seen_letter_for_letter_and_stays_on_its_line(text):
    escaped = escape(text)
    assert unescaped(escaped) == plain(text).replace("\u2060", "")
    assert len(escaped.splitlines()) <= 1
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>|~!#]", re.sub(r"\\.", "", escaped))
    assert not re.search(r"@[^\s\u2060]|#[0-9]|://|www\.", escaped)


def cells(line):
    """The cells of a table's line, as GFM splits them: at bars with no backslash before."""
    return re.split(r"(?<!\\)\|", re.sub(r"\\\\", "", line))[1:-1]


def test_a_hostile_name_stays_in_its_place_in_every_block():
    page = Page(
        NAME,
        [
            Section(
                NAME,
                [
                    Facts([(NAME, NAME), (Word(NAME, Tone.BAD), Word(NAME))]),
                    Items([(Word(NAME), NAME), (Word("[x]"), NAME), (Word("[ ]"), NAME), (Word("[!]"), NAME)]),
                    Grid([NAME, f">{NAME}"], [[NAME, Word(NAME)], [f"  {NAME}", ""]]),
                ],
            ),
            Section("", [Facts([("a", "b")])]),
        ],
    )
    shown = escape(NAME)
    assert view(page).split("\n") == [
        *(f"## {shown}", "", f"### {shown}", ""),
        *(f"- **{shown}**: {shown}", f"- **{shown}**: {shown}", ""),
        *(f"- **{shown}** {shown}", f"- [x] {shown}", f"- [ ] {shown}", rf"- **\[\!\]** {shown}", ""),
        *(f"| {shown} | {shown} |", "| --- | ---: |", f"| {shown} | {shown} |", f"| {shown} |  |", ""),
        *("---", "", "- **a**: b", ""),
    ]
    assert [len(cells(line)) for line in view(page).splitlines() if line.startswith("|")] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("text", "fence"), [("+a", "```"), ("```\n<script>", "````"), ("x ````` y\n```", "``````"), ("", "```")]
)
def test_a_source_cannot_end_its_own_fence_and_holds_no_steering_sign(text, fence):
    shown = view(Page("t", [Section("", [Source(f"{text}\n\x1b[2J\u202e\n\tx", "diff")])]))
    assert shown.split("\n") == [
        *("## t", "", f"{fence}diff", *text.split("\n"), r"\x1b[2J\u202e", "        x", fence, "")
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.test/a%20b.py#L1-L2", "https://x.test/a%20b.py#L1-L2"),
        ("http://x.test/a)](y)<b>|\"'`\n\u202e", "http://x.test/a%29%5D%28y%29%3Cb%3E%7C%22%27%60%0A%E2%80%AE"),
    ],
)
def test_a_link_leads_to_its_address_and_nothing_ends_it_early(url, shown):
    page = Page("T", [Section("", [Grid(["line"], [[Link("a]|b", url)]]), Facts([("at", Link("x", url))])])])
    assert f"| [a\\]\\|b]({shown}) |" in view(page)
    assert f"- **at**: [x]({shown})" in view(page)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "//x.test", "https:///x", ""])
def test_another_address_is_no_link(url):
    assert "| a |" in view(Page("T", [Section("", [Grid(["line"], [[Link("a", url)]])])]))
