"""Where a branch stands, here and on remotes of any name."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.adapters import remotes


def test_a_remote_and_a_branch_whose_names_hold_a_slash_are_told_apart(repo: Any) -> None:
    repo.commit({"a": "1"})
    repo.git("remote", "add", "team/fork", "/nowhere")
    for remote in ("origin", "team/fork", "origin/side"):
        repo.git("update-ref", f"refs/remotes/{remote}/kept", "HEAD")
    repo.git("branch", "kept")
    repo.git("branch", "side/kept")
    tracked = ["refs/remotes/origin/kept", "refs/remotes/team/fork/kept"]
    assert list(remotes.tips(repo.found(), "kept")) == ["refs/heads/kept", *tracked]
    assert list(remotes.tips(repo.found(), "kept", local=False)) == tracked
    assert list(remotes.tips(repo.found(), "kept", tracked=False)) == ["refs/heads/kept"]
    assert list(remotes.tips(repo.found(), "side/kept")) == ["refs/heads/side/kept", "refs/remotes/origin/side/kept"]


def test_what_is_no_commit_is_no_branch(repo: Any) -> None:
    repo.commit({"a": "1"})
    repo.git("update-ref", "refs/remotes/origin/kept", "HEAD^{tree}")
    assert remotes.tips(repo.found(), "kept") == {}
