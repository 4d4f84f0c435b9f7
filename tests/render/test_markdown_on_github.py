"""Foreign text in our Markdown, as GitHub's own parser reads it: it is seen letter for letter and leads nowhere."""

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.text import plain
from coverage_roadmap.render.markdown import view
from coverage_roadmap.render.page import Facts, Grid, Items, Link, Page, Section, Source, Word

JOINER = "\u2060"
MENTION = re.compile(r"(?:^|\W)@[a-z0-9]", re.IGNORECASE)
REFERENCE = re.compile(r"#[0-9]|\bGH-[0-9]", re.IGNORECASE)
EMOJI = re.compile(r":(?:100|1234|[a-z0-9+_-]*[a-z+_-][a-z0-9+_-]*):")
"""What GitHub makes a link or a picture of in the text of the HTML; no backslash hinders it."""
TAGS = {
    *("h2", "h3", "ul", "li", "input", "strong", "a", "pre", "code", "hr"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


class Seen(HTMLParser):
    """What a reader sees: the text of each element that holds one, and where links lead."""

    def __init__(self, markdown):
        super().__init__()
        self.texts, self.links, self.tags, self.pictures = [], [], [], []
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag in ("h2", "h3", "li", "th", "td", "pre"):
            self.texts.append("")

    def handle_data(self, data):
        if self.texts and (data.strip() or self.tags[-1] != "table"):
            self.texts[-1] += data


def page(name):
    """A page that holds a name in each place."""
    return Page(
        name,
        [
            Section(name, [Facts([(name, name), (Word("at"), Link(name, "https://x.test/a"))])]),
            Section("i", [Items([(Word("met"), name), (Word("[x]"), name)])]),
            Section("g", [Grid(["a", ">b", "c"], [[name, Word("1"), Link(name, "https://x.test/b")]])]),
            Section("s", [Source(name, "diff")]),
        ],
    )


def proved(name):
    """Hold a page with the name against what GitHub makes of it."""
    seen = Seen(view(page(name)))
    shown = " ".join(plain(name).split())
    source = " ".join(" ".join(plain(line.expandtabs()) for line in name.splitlines()).split())
    texts = [" ".join(text.replace(JOINER, "").split()) for text in seen.texts]
    assert texts == [
        *(shown, shown, f"{shown}: {shown}", f"at: {shown}", "i", f"met {shown}", shown),
        *("g", "a", "b", "c", shown, "1", shown, "s", source),
    ]
    assert seen.links == ["https://x.test/a", "https://x.test/b"]
    assert {*seen.tags} <= TAGS
    for text in seen.texts[:-1]:
        assert not any(rule.search(text) for rule in (MENTION, REFERENCE, EMOJI))


@pytest.mark.parametrize(
    "name",
    [
        "src/http://evil.test/a.py",
        "src/www.evil.test/a.py",
        "www.evil.test",
        "user@evil.test.py",
        "mailto:user@evil.test xmpp:user@evil.test/a ftp://evil.test",
        "@team/core.py",
        "(@org/team)",
        "a|b|c.py",
        "`a` ``b`` ```",
        "a\nb\r\n\n| x | y |\n- [x] done\n# h",
        "\x1b[31mred\x1b[0m\x1b]0;title\x07",
        "\u202egnp.exe\u2066\u200f\ufeff",
        "<img src=x onerror=alert(1)><!-- x --><b>",
        "![x](https://evil.test/p.png) [x](https://evil.test) [x][y] <https://evil.test>",
        "&lt;b&gt; &#64;team &commat;team",
        "*a* **b** _c_ __d__ ~~e~~ ~f~",
        r"\| \\| \\\| \@team \`",
        "#12 GH-12 o/r#12 :smile: :+1: ::white_check_mark:: src/a.py:100: :1234: :12:",
        "tests/t.py::TestA::test_b[<a@b.c>-1|2]",
        "1. a",
        "- a",
        "+ a",
        "> a",
        "=====",
        "-----",
        "    code",
        "\ta",
        "$x^2$ $$y$$",
        "[^1] [^1]: x",
    ],
)
def test_a_hostile_name_is_seen_as_it_is_and_leads_nowhere(name):
    proved(name)


PIECES = ("http://", "https://", "www.", "user@host.de", "@team", "GH-1", ":a:", "&amp;", "<b>", "mailto:", "```", "- ")
SIGNS = "\\|`<>&@#*_[]()!~\n\r\t\u202e\x1b:/w.-+ aAgGhH1$^=\"'{}%;\xa0\u3000"


@given(st.lists(st.sampled_from(PIECES) | st.sampled_from(SIGNS) | st.characters(), max_size=20).map("".join))
def test_whatever_the_name_is_it_is_seen_as_it_is(name):
    proved(f"{name.replace(JOINER, '')}.py")
