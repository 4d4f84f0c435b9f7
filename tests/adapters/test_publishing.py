"""The history branch is published to real remotes: nobody loses a record, and nothing is forced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coverage_roadmap.adapters import git, history, publishing
from coverage_roadmap.core.history import MARKER
from coverage_roadmap.errors import ToolError

BRANCH = "coverage-history"


def quiet(_: str) -> None:
    """Says nothing."""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A bare remote."""
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(tmp_path / "bare.git")], check=True)
    return tmp_path / "bare.git"


@pytest.fixture
def clone(make_repo: Callable[..., Any], bare: Path) -> Callable[[str], Any]:
    """Makes a repository with that remote."""

    def make(name: str) -> Any:
        repo = make_repo(name)
        repo.commit({"a": name})
        repo.git("remote", "add", "origin", str(bare))
        return repo

    return make


def push(repo: Any, remote: str = "origin") -> publishing.Published:
    return publishing.push(repo.found(), remote, BRANCH, now=1, say=quiet)


def ids(where: Path, branch: str = BRANCH) -> list[str]:
    out = git.run(where, "ls-tree", "-r", "--name-only", branch).decode().splitlines()
    return sorted(name.rsplit("-", 1)[1].split(".")[0] for name in out if name.endswith(".summary.json"))


def add(repo: Any, make_record: Callable[..., Any], number: int) -> None:
    history.append(repo.found(), BRANCH, *make_record(number), now=number)


def test_a_history_is_published_and_the_second_push_has_nothing_to_do(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    repo = clone("one")
    assert push(repo) == publishing.Published("origin", None, moved=False, tries=1)
    add(repo, make_record, 1)
    assert publishing.unpublished(repo.found(), BRANCH) == 1
    before = (repo.git("status", "--porcelain"), repo.git("rev-parse", "HEAD"))
    first = push(repo)
    assert (first.moved, first.commit) == (True, repo.git("rev-parse", BRANCH))
    assert publishing.unpublished(repo.found(), BRANCH) == 0
    assert push(repo) == publishing.Published("origin", first.commit, moved=False, tries=1)
    assert ids(bare) == ["00000001"]
    assert (repo.git("status", "--porcelain"), repo.git("rev-parse", "HEAD")) == before


def test_two_that_began_apart_are_joined_and_both_have_all(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    one, two, three = clone("one"), clone("two"), clone("three")
    for number, repo in ((1, one), (2, two)):
        add(repo, make_record, number)
        assert push(repo).moved
    assert ids(bare) == ["00000001", "00000002"]
    assert not push(one).moved
    assert ids(one.top) == ids(bare)
    assert not push(three).moved, "it had nothing and took what was there"
    assert ids(three.top) == ids(bare)
    assert git.run(bare, "rev-list", "--count", "--min-parents=2", BRANCH).strip() == b"1"


def test_what_one_side_thinned_does_not_come_back(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    one, two = clone("one"), clone("two")
    add(one, make_record, 1)
    add(one, make_record, 2)
    push(one)
    push(two)
    gone = [name for name in git.run(one.top, "ls-tree", "-r", "--name-only", BRANCH).decode().split() if "01." in name]
    history.change(one.found(), BRANCH, lambda _: history.Change("thin", remove=tuple(gone)), now=3)
    push(one)
    add(two, make_record, 3)
    push(two)
    assert ids(bare) == ["00000002", "00000003"]


def test_a_remote_branch_that_was_deleted_or_forced_back_gets_all_again(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    one, other = clone("one"), clone("other")
    add(one, make_record, 1)
    push(one)
    first = one.git("rev-parse", BRANCH)
    add(one, make_record, 2)
    push(one)
    git.run(bare, "update-ref", f"refs/heads/{BRANCH}", first)
    assert push(one).moved
    assert ids(bare) == ["00000001", "00000002"]
    git.run(bare, "update-ref", "-d", f"refs/heads/{BRANCH}")
    assert push(one).moved
    add(other, make_record, 3)
    git.run(bare, "fetch", "--quiet", str(other.top), f"+{BRANCH}:{BRANCH}")
    assert push(one).moved, "it was replaced by one that began apart"
    assert ids(bare) == ["00000001", "00000002", "00000003"]


def test_a_remote_branch_that_is_not_ours_is_refused(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    repo = clone("one")
    add(repo, make_record, 1)
    repo.git("push", "--quiet", "origin", f"main:{BRANCH}")
    before = git.run(bare, "rev-parse", BRANCH)
    with pytest.raises(ToolError, match="is no coverage history"):
        push(repo)
    assert git.run(bare, "rev-parse", BRANCH) == before


def test_a_remote_that_refuses_or_cannot_be_reached_is_told_without_secrets(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    repo = clone("one")
    add(repo, make_record, 1)
    hook = bare / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho history is closed >&2\nexit 1\n")
    hook.chmod(0o755)
    repo.git("remote", "add", "far", "https://kim:s3cret@127.0.0.1:1/x.git")
    with pytest.raises(ToolError) as raised:
        push(repo, "far")
    assert "s3cret" not in str(raised.value)
    assert "unable to access" in str(raised.value)
    with pytest.raises(ToolError, match="hook declined"):
        push(repo)


def test_a_branch_here_that_is_not_ours_is_not_published(clone: Callable[[str], Any], bare: Path) -> None:
    repo = clone("one")
    repo.git("branch", BRANCH)
    with pytest.raises(ToolError, match="is no coverage history"):
        push(repo)
    assert git.run(bare, "for-each-ref").strip() == b""


def test_a_file_of_theirs_where_a_folder_of_ours_is_takes_nothing_away(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    one, other = clone("one"), clone("other")
    add(one, make_record, 1)
    history.write(other.found(), BRANCH, {"top/2026-11": b"x"}, "x", now=1)
    push(other)
    assert push(one).moved
    assert ids(bare) == ids(one.top) == ["00000001"]


WRITER = """
import sys
import msgspec
from pathlib import Path
from coverage_roadmap.adapters import git, history, publishing
from coverage_roadmap.core.measurement import Detail, Summary
repository = git.find(Path.cwd())
summary, detail = (msgspec.json.decode(w, type=t) for w, t in zip(sys.argv[1:], (Summary, Detail)))
print("ready", flush=True)
sys.stdin.readline()
history.append(repository, "coverage-history", summary, detail, now=0)
publishing.push(repository, "origin", "coverage-history", now=0, say=print)
print("written", flush=True)
"""


def writer(repo: Any, record: Any) -> subprocess.Popen[str]:
    words = [msgspec.json.encode(part).decode() for part in record]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *words], cwd=repo.top, text=True, start_new_session=True, **pipes
    )  # type: ignore[call-overload,no-any-return]


def test_writers_in_clones_and_in_one_clone_lose_nothing(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    shared = clone("shared")
    repos = [shared, shared, shared, *(clone(f"clone{number}") for number in range(5))]
    writers = [writer(repo, make_record(number)) for number, repo in enumerate(repos)]
    for one in writers:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate() for one in writers]
    assert [one.returncode for one in writers] == [0] * len(repos), told
    assert ids(bare) == [f"{number:08x}" for number in range(len(repos))]
    git.run(bare, "fsck", "--strict")


@pytest.mark.slow
def test_fifty_writers_at_once_lose_nothing(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    repos = [clone(f"clone{number}") for number in range(50)]
    writers = [writer(repo, make_record(number)) for number, repo in enumerate(repos)]
    for one in writers:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=280) for one in writers]
    assert [one.returncode for one in writers] == [0] * 50, told
    assert ids(bare) == [f"{number:08x}" for number in range(50)]


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5])
def test_a_kill_at_any_moment_leaves_the_history_readable_and_what_was_reported_there(
    clone: Callable[[str], Any], bare: Path, make_record: Callable[..., Any], wait: float
) -> None:
    repo = clone("one")
    add(repo, make_record, 1)
    push(repo)
    with writer(repo, make_record(2)) as killed:
        assert killed.stdin
        assert killed.stdout
        assert killed.stdout.readline() == "ready\n"
        killed.stdin.write("go\n")
        killed.stdin.flush()
        time.sleep(wait)
        os.killpg(killed.pid, signal.SIGKILL)
        told = killed.stdout.read()
    for lock in (repo.top / ".git").rglob("*.lock"):
        lock.unlink()  # as git's own message asks for
    for where in (repo.top, bare):
        git.run(where, "fsck", "--strict")
        assert "00000001" in ids(where)
        assert "written" not in told or "00000002" in ids(where)
        assert git.run(where, "ls-tree", BRANCH, "--", MARKER)
    add(repo, make_record, 3)
    push(repo)
    assert "00000003" in ids(bare)


def test_a_remote_whose_name_holds_a_slash_is_published_to_and_read_back(
    make_repo: Callable[..., Any], bare: Path, make_record: Callable[..., Any]
) -> None:
    repo = make_repo("one")
    repo.commit({"a": "1"})
    repo.git("remote", "add", "team/fork", str(bare))
    add(repo, make_record, 1)
    assert publishing.unpublished(repo.found(), BRANCH) == 1
    push(repo, "team/fork")
    assert publishing.unpublished(repo.found(), BRANCH) == 0
    repo.git("update-ref", "-d", f"refs/heads/{BRANCH}")
    assert list(history.find(repo.found(), BRANCH).months) == ["2026-11"]
