"""Branches of stories and dates of stories, from real repositories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from coverage_roadmap.adapters import branches
from coverage_roadmap.core.branch import Branch, Dated

MAIN = "refs/heads/main"
Dating = Callable[..., None]


@pytest.fixture
def dated(monkeypatch: pytest.MonkeyPatch) -> Dating:
    """Let what is committed next be authored on a day of March 2026, and committed on another."""

    def set_to(authored: int, committed: int | None = None) -> None:
        monkeypatch.setenv("GIT_AUTHOR_DATE", f"2026-03-{authored:02d}T12:00:00+01:00")
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-03-{committed or authored:02d}T12:00:00+01:00")

    return set_to


def named(repo: Any, names: list[str], default: str | None) -> dict[str, Branch]:
    """The branches of these names, with their dates."""
    found = repo.found()
    return branches.dated(found, [tip for tip in branches.tips(found) if tip.name in names], default)


def on(day: int) -> Dated:
    return Dated(datetime(2026, 3, day, 11, tzinfo=UTC))


def test_a_branch_began_with_its_own_first_commit_and_moved_with_its_last(repo: Any, dated: Dating) -> None:
    dated(1)
    repo.commit({"a": "1"})
    repo.git("checkout", "-q", "-b", "coverage/one")
    dated(5, 9)
    repo.commit({"b": "1"})
    repo.git("checkout", "-q", "main")
    dated(6)
    repo.commit({"a": "2"})
    repo.git("checkout", "-q", "coverage/one")
    dated(10)
    repo.git("merge", "-q", "--no-edit", "main")
    repo.git("branch", "coverage/bare", "main")
    repo.git("branch", "other/coverage/one", "main")
    found = named(repo, ["coverage/one", "coverage/bare", "coverage/gone"], MAIN)
    assert sorted(found) == ["coverage/bare", "coverage/one"]
    one, bare = found["coverage/one"], found["coverage/bare"]
    assert (one.revision, one.begun, one.latest) == ("refs/heads/coverage/one", on(5), on(10))
    assert (bare.begun, bare.latest) == (Dated(None, "the branch has no commit of its own"), on(6))


def test_of_a_local_and_a_remote_branch_the_one_that_moved_last_counts(cloned: Any, dated: Dating) -> None:
    dated(1)
    origin, copy = cloned("main")
    copy.git("checkout", "-q", "-b", "main", "origin/main")
    for day, story in ((2, "one"), (5, "two")):
        dated(day)
        origin.git("checkout", "-q", "-b", f"coverage/{story}", "main")
        origin.commit({story: "theirs"})
        dated(7 - day)
        copy.git("checkout", "-q", "-b", f"coverage/{story}", "main")
        copy.commit({story: "ours"})
    copy.git("fetch", "-q", "origin")
    copy.git("remote", "rename", "origin", "team")
    found = named(copy, ["coverage/one", "coverage/two"], MAIN)
    assert [(one.revision, one.latest) for one in found.values()] == [
        ("refs/heads/coverage/one", on(5)),
        ("refs/remotes/team/coverage/two", on(5)),
    ]


def test_a_branch_of_a_remote_whose_name_holds_a_slash_has_its_own_name(repo: Any) -> None:
    repo.commit({"a": "1"})
    for name in ("team", "team/fork", "team/fork/old", "kim"):
        repo.git("config", f"remote.{name}.url", "/nowhere")
    for place in (
        *("origin/feature/x", "origin/plain", "team/fork/feature-x", "team/fork/coverage-history", "team/own"),
        *("team/fork/old/deep/y", "kim/topic/z", "gone/topic/w"),
    ):
        repo.git("update-ref", f"refs/remotes/{place}", "HEAD")
    repo.git("symbolic-ref", "refs/remotes/team/fork/HEAD", "refs/remotes/team/fork/feature-x")
    found = branches.tips(repo.found(), {"main", "coverage-history"})
    assert [(tip.name, tip.published) for tip in found] == [
        *(("deep/y", False), ("feature-x", False), ("feature/x", True), ("own", False), ("plain", True)),
        *(("topic/w", False), ("topic/z", False)),
    ]


def test_without_names_branches_or_a_default_branch_it_still_answers(repo: Any) -> None:
    assert named(repo, [], None) == {}
    assert named(repo, ["main"], None) == {}, "there is no commit yet"
    repo.commit({"a": "1"})
    assert named(repo, ["main"], None)["main"].begun == Dated(None, "there is no default branch")
    assert named(repo, ["*", "ma?n", "--all", "a\nb", ""], MAIN) == {}


def test_a_branch_of_a_shallow_clone_that_reaches_its_end_has_no_known_beginning(repo: Any, make_repo: Any) -> None:
    repo.commit({"a": "1"})
    for name in ("first", "second"):
        repo.git("checkout", "-q", "-B", "coverage/one")
        repo.commit({name: "1"})
    copy = make_repo("shallow")
    copy.git("fetch", "-q", "--depth=1", f"file://{repo.top}", "+refs/heads/*:refs/remotes/origin/*")
    copy.git("checkout", "-q", "-b", "main", "origin/main")
    (found,) = named(copy, ["coverage/one"], MAIN).values()
    assert found.begun == Dated(None, "the clone is shallow")
    assert found.latest.moment is not None


def test_too_many_own_commits_are_not_looked_at(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit({"a": "1"})
    repo.git("checkout", "-q", "-b", "coverage/one")
    repo.commit({"b": "1"})
    monkeypatch.setattr(branches, "LONGEST", 1)
    (found,) = named(repo, ["coverage/one"], MAIN).values()
    assert found.begun == Dated(None, "the branches have more than 1 commits of their own")


def config(*stories: str) -> dict[str, str]:
    return {"app/pyproject.toml": "".join(f'[[stories]]\nid = "{name}"\n' for name in stories)}


def test_a_story_is_as_old_as_the_commit_that_named_it(repo: Any, dated: Dating) -> None:
    for day, stories in ((1, ["one"]), (2, ["one", "two"]), (3, ["two"]), (4, ["one", "two"])):
        dated(day)
        repo.commit(config(*stories))
        repo.commit({"unrelated": str(day)})
    repo.git("checkout", "-q", "-b", "side", "HEAD~2")
    dated(6)
    repo.commit(config("two", "three"))
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "-s", "ours", "--no-edit", "side")
    found = repo.found("app")
    path = found.top / "app" / "pyproject.toml"
    assert branches.stories_named(found, path, ["one", "two", "three", "four"]) == {
        **{"one": on(1), "two": on(2)},
        **dict.fromkeys(("three", "four"), Dated(None, "no commit names it")),
    }


def test_a_config_that_was_taken_out_and_came_back_still_tells(repo: Any, dated: Dating) -> None:
    dated(1)
    repo.commit(config("one"))
    repo.git("rm", "-q", "app/pyproject.toml")
    repo.commit()
    dated(5)
    repo.commit(config("one", "two"))
    found = repo.found()
    told = branches.stories_named(found, found.top / "app" / "pyproject.toml", ["one", "two"])
    assert told == {"one": on(1), "two": on(5)}


def test_where_older_versions_are_missing_the_age_is_unknown(
    repo: Any, make_repo: Any, monkeypatch: pytest.MonkeyPatch, dated: Dating
) -> None:
    for day, stories in ((1, ["one"]), (2, ["one", "two"]), (3, ["one", "two", "three"])):
        dated(day)
        repo.commit(config(*stories))
    copy = make_repo("shallow")
    copy.git("fetch", "-q", "--depth=2", f"file://{repo.top}", "main")
    copy.git("checkout", "-q", "-b", "main", "FETCH_HEAD")
    found = copy.found()
    path = found.top / "app" / "pyproject.toml"
    assert branches.stories_named(found, path, ["two", "three"]) == {
        "two": Dated(None, "the clone is shallow"),
        "three": on(3),
    }
    monkeypatch.setattr(branches, "VERSIONS", 1)
    found = repo.found()
    assert branches.stories_named(found, found.top / "app" / "pyproject.toml", ["three"]) == {
        "three": Dated(None, "older than 1 versions of the config")
    }


def test_a_config_outside_of_git_tells_nothing(repo: Any, tmp_path: Any) -> None:
    outside = {"one": Dated(None, "the config is not in git")}
    assert branches.stories_named(repo.found(), repo.top / "pyproject.toml", ["one"]) == outside, "no commit yet"
    repo.commit({"a": "1"})
    assert branches.stories_named(repo.found(), tmp_path / "pyproject.toml", ["one"]) == outside
    assert branches.stories_named(repo.found(), repo.top / "pyproject.toml", []) == {}
    nobody = {"one": Dated(None, "no commit names it")}
    assert branches.stories_named(repo.found(), repo.found().top / "pyproject.toml", ["one"]) == nobody
