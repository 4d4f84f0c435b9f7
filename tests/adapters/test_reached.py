"""What the default branch reaches."""

from typing import Any

from coverage_roadmap.adapters.reached import reached


def test_commits_are_reached_by_the_local_or_the_remote_tracking_branch(cloned: Any) -> None:
    origin, copy = cloned("trunk")
    copy.git("checkout", "--quiet", "-b", "trunk", "origin/trunk")
    local = copy.commit({"b": "local"})
    remote = origin.commit({"c": "remote"})
    copy.git("fetch", "--quiet", "origin")
    copy.git("checkout", "--quiet", "-b", "topic")
    topic = copy.commit({"d": "topic"})
    found = copy.found()
    asked = [local, remote, topic, "0" * 40, "no such commit"]
    for branch in ("refs/heads/trunk", "refs/remotes/origin/trunk"):
        there = reached(found, branch)
        assert [commit for commit in asked if commit in there] == [local, remote]
        assert [commit for commit in asked if commit in there] == [local, remote], "and again"
    assert topic not in reached(found, "refs/heads/gone")


def test_a_tree_or_a_name_is_no_commit_that_is_reached(repo: Any) -> None:
    commit = repo.commit({"a": "x"})
    tree = repo.git("rev-parse", "HEAD^{tree}")
    assert [name for name in (tree, commit, "HEAD", 7) if name in reached(repo.found(), "refs/heads/main")] == [commit]
