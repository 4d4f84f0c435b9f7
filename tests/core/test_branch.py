"""When a story's branch began, and when a config named a story first."""

from datetime import UTC, datetime

import pytest

from coverage_roadmap.core.branch import Commit, Dated, begun, first_named, moment

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
