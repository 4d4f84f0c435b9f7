"""Where branches stand, here and on remotes of any name."""

from __future__ import annotations

from typing import Any

from coverage_roadmap.adapters import tips


def test_a_remote_and_a_branch_whose_names_hold_a_slash_are_told_apart(repo: Any) -> None:
    repo.commit({"a": "1"})
    repo.git("remote", "add", "team/fork", "/nowhere")
    for remote in ("origin", "team/fork", "origin/side"):
        repo.git("update-ref", f"refs/remotes/{remote}/kept", "HEAD")
    repo.git("branch", "kept")
    repo.git("branch", "side/kept")
    found = tips.tips(repo.found(), ["kept"])
    assert [(one.revision, one.remote, one.is_local) for one in found] == [
        ("refs/heads/kept", "", True),
        ("refs/remotes/origin/kept", "origin", False),
        ("refs/remotes/team/fork/kept", "team/fork", False),
    ]
    assert [one.revision for one in tips.tips(repo.found(), ["side/kept"])] == [
        "refs/heads/side/kept",
        "refs/remotes/origin/side/kept",
    ]
    assert [one.revision for one in tips.tips(repo.found(), ["kept"], remote=False)] == ["refs/heads/kept"]


def test_what_is_no_commit_is_no_branch(repo: Any) -> None:
    repo.commit({"a": "1"})
    repo.git("update-ref", "refs/remotes/origin/kept", "HEAD^{tree}")
    assert tips.tips(repo.found(), ["kept"]) == []
    assert tips.tips(repo.found(), []) == []
