"""When a story's branch began, what the default branch lacks of it, and when a config named a story first."""

import difflib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_roadmap.core.branch import Commit, Dated, begun, first_named, lacks, moment, outside, short
from coverage_roadmap.core.hunk import Hunk

DAY = 86_400


def commit(name, *parents, day=None):
    return Commit(name, parents, day and day * DAY)


def on(day):
    return Dated(datetime(1970, 1, 1 + day, tzinfo=UTC))


OWN = {
    one.id: one
    for one in (
        commit("tip", "mid", "other", day=9),
        commit("mid", "base", day=3),
        commit("other", "base", day=5),
        commit("root", day=1),
        commit("stray", "base", day=2),
        commit("undated", "base"),
    )
}


@pytest.mark.parametrize(
    ("tip", "shallow", "said"),
    [
        ("tip", False, on(3)),
        ("tip", True, on(3)),
        ("other", False, on(5)),
        ("root", False, on(1)),
        ("undated", False, Dated(None, "no commit says when")),
        ("root", True, Dated(None, "the clone is shallow")),
        ("base", False, Dated(None, "the branch has no commit of its own")),
    ],
)
def test_a_branch_began_when_its_first_own_commit_was_authored(tip, shallow, said):
    assert begun(tip, OWN, shallow=shallow) == said


def test_a_cycle_that_no_repository_has_ends_too():
    assert begun("a", {"a": commit("a", "b", day=2), "b": commit("b", "a", day=1)}, shallow=False) == on(1)


@pytest.mark.parametrize("seconds", [10**18, -(10**18)])
def test_a_date_beyond_any_calendar_is_unknown(seconds):
    assert moment(seconds) == Dated(None, "its date is beyond any calendar")
    assert moment(DAY) == on(1)


def text(*stories):
    return b"".join(b'[[stories]]\nid = "%s"\n' % name.encode() for name in stories)


def test_a_story_is_as_old_as_the_first_version_that_names_it():
    versions = [
        (commit("c3", day=7), text("one", "two", "three") + b"  id='four'"),
        (commit("c2", day=5), text("one", "two")),
        (commit("c1", day=4), text("one")),
    ]
    asked = ["one", "two", "three", "four", "five"]
    nobody = Dated(None, "no commit names it")
    assert first_named(versions, asked) == {
        **{"one": on(4), "two": on(5), "three": on(7), "four": on(7)},
        "five": nobody,
    }
    assert first_named(versions, asked, "shallow")["one"] == Dated(None, "shallow")
    assert first_named(versions, asked, "shallow")["two"] == on(5)
    assert first_named([], ["one"]) == {"one": nobody}


def test_only_whole_ids_count():
    versions = [(commit("c", day=1), b'id = "one-more"\nvalid = "two"\n# three\nid="x y"')]
    found = first_named(versions, ["one", "two", "three", "x"])
    assert {one.moment for one in found.values()} == {None}


def test_a_branch_left_the_default_branch_at_the_parents_that_are_not_its_own():
    assert outside("tip", OWN) == {"base"}
    assert outside("root", OWN) == set()
    assert outside("elsewhere", OWN) == set()
    twice = {"tip": commit("tip", "mid", "newer"), "mid": commit("mid", "older")}
    assert outside("tip", twice) == {"older", "newer"}


def hunks(old, new):
    """How a text differs from another, as git tells it without context."""
    found = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Hunk(a + (b > a), b - a, c + (d > c), d - c)
        for kind, a, b, c, d in found
        if kind != "equal"  # a side without lines is told by the line before
    ]


def lacking(base, branch, default):
    return lacks(hunks(base, branch), hunks(default, branch))


BASE = ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("branch", "default", "expected"),
    [
        ("abXcde", "abcde", True),
        ("abXcde", "abXcde", False),
        ("abXcde", "YabXcdeZ", False),
        ("abXcde", "YabcdeZ", True),
        ("abde", "abcde", True),
        ("abde", "abde", False),
        ("abde", "YabdeZ", False),
        ("abde", "YabcdeZ", True),
        ("abXde", "abcde", True),
        ("bcde", "abcde", True),
        ("bcde", "bcdeZ", False),
        ("abcd", "Yabcd", False),
        ("abcde", "abcdeZ", False),
    ],
)
def test_what_the_default_branch_lacks_is_told_line_by_line(branch, default, expected):
    assert lacking(BASE, list(branch), list(default)) is expected


TEXTS = st.lists(st.sampled_from("abc"), max_size=6)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_a_squashed_change_is_not_lacking_whatever_is_added_around_it(base, branch, before, after):
    base, branch = ["first", *base, "last"], ["first", *branch, "last"]
    around = [*(line.upper() for line in before), *branch, *(line.upper() for line in after)]
    assert lacking(base, branch, around) is False


@given(TEXTS, TEXTS)
def test_a_change_that_nobody_took_over_is_lacking(base, branch):
    assert lacking(base, branch, base) is (base != branch)


@pytest.mark.parametrize("revision", ["refs/heads/team/main", "refs/remotes/origin/team/main", "team/main"])
def test_a_branch_is_known_by_its_short_name(revision):
    assert short(revision) == "team/main"
