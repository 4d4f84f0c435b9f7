"""CI's files as text: whatever they say is read back the same, and the same values give the same text."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.ci.value import Document, Noted, Room
from coverage_roadmap.render.document import text

WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        ["on", "yes", "~", "null", "1", "1.0", "0x1", "1e3", ".", "-", "a: b", "# c", "a #b", "'", '"', "a\nb\n"]
    ),
    st.sampled_from(
        ["x\n\n", "\nx", " x\ny", "x \ny", "a\n\nb", "2026-01-01", "${{ a.b }}", "*a", "&a", "!x", "%", "@a", "`"]
    ),
    st.sampled_from(['"quoted" $X', 'it\'s "both"', "é", "\x85", "\u2028", "\U0001f600", "\ufeff", "\t", "a\tb", "="]),
)
KEYS = WORDS.filter(lambda key: key != "on")
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(-9, 999), st.booleans()),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(KEYS, below, max_size=3)),
    max_leaves=8,
)


def read(content):
    return yaml.safe_load(text(Document("f.yml", content), "pyproject.toml"))


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3))
def test_whatever_a_file_says_is_read_back_the_same(content):
    assert read(content) == content


@given(st.text(max_size=20))
def test_a_config_of_any_name_stays_in_the_first_line(name):
    told = text(Document("f.yml", {"a": 1}), name)
    assert told.isascii()
    assert yaml.safe_load(told) == {"a": 1}


def test_remarks_room_and_lists_of_tables():
    content = {
        "on": Noted({"push": {}}, "why"),
        "steps": [{"uses": Noted("a/b@1", "v1"), "with": {"x": [1, "2"], "z": []}}, Room("steps"), ["a", ["b"]]],
        "empty": Noted([], "none"),
        "more": [Noted("x", "y"), "z"],
        "run": "one\n\n  two\n",
        "line": 'echo "$X"',
        "room": Room("keys"),
    }
    assert text(Document("f.yml", content), "pyproject.toml").split("\n", 2)[2] == (
        "on: # why\n"
        "  push: {}\n"
        "steps:\n"
        "  - uses: a/b@1 # v1\n"
        "    with:\n"
        '      x: [1, "2"]\n'
        "      z: []\n"
        "  # coverage-roadmap: hand-made steps\n"
        "  # coverage-roadmap: end of hand-made steps\n"
        "  -\n"
        "    - a\n"
        "    - [b]\n"
        "empty: [] # none\n"
        "more:\n"
        "  - x # y\n"
        "  - z\n"
        "run: |\n"
        "  one\n"
        "\n"
        "    two\n"
        "line: 'echo \"$X\"'\n"
        "# coverage-roadmap: hand-made keys\n"
        "# coverage-roadmap: end of hand-made keys\n"
    )


@pytest.mark.parametrize("block", ["a\nb", "a\nb\n", "a\n  b\n\nc\n"])
def test_scripts_are_blocks(block):
    told = text(Document("f.yml", {"run": block}), "pyproject.toml")
    assert "run: |" in told
    assert yaml.safe_load(told) == {"run": block}
