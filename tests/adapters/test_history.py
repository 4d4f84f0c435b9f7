"""The history branch: records are added, nothing else moves, nobody loses one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from coverage_roadmap.adapters import git, history
from coverage_roadmap.core.history import MARKER, folder_of
from coverage_roadmap.core.measurement import Detail, Summary
from coverage_roadmap.errors import ToolError

BRANCH = "coverage-history"
ODD_FOLDERS = ["größe 試", 'a "quoted" one', "back\\slash", "two\nlines", "-dash", "a/b/c", "root"]


def state(repo: Any) -> list[str]:
    index = (repo.top / ".git/index").read_bytes().hex()
    return [repo.git("status", "--porcelain"), repo.git("rev-parse", "HEAD"), repo.git("symbolic-ref", "HEAD"), index]


def names(repo: Any, branch: str = BRANCH) -> list[str]:
    return [name for name in repo.git("ls-tree", "-r", "-z", "--name-only", branch).split("\0") if name]


def test_the_first_record_makes_an_orphan_branch_with_a_marker(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit({"a": "x"})
    summary, detail = make_record(1)
    commit = history.append(repo.found(), BRANCH, summary, detail, now=1_700_000_000)
    assert commit == repo.git("rev-parse", BRANCH)
    assert repo.git("rev-list", "--count", BRANCH) == "1"
    folder = f"{folder_of('')}/2026-11/{summary.id}"
    assert sorted(names(repo)) == sorted([MARKER, f"{folder}.detail.json", f"{folder}.summary.json"])


def test_what_is_read_back_is_what_was_put_there(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit()
    summary, detail = make_record(1)
    history.append(repo.found(), BRANCH, summary, detail, now=0)
    base = f"{BRANCH}:{folder_of('')}/2026-11/{summary.id}"
    assert msgspec.json.decode(git.run(repo.top, "show", f"{base}.summary.json"), type=Summary) == summary
    assert msgspec.json.decode(git.run(repo.top, "show", f"{base}.detail.json"), type=Detail) == detail
    assert summary.id in repo.git("log", "-1", "--format=%B", BRANCH)
    assert repo.git("log", "-1", "--format=%ct", BRANCH) == "0"


def test_further_records_stand_on_top_of_the_first(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit()
    for number in range(3):
        history.append(repo.found(), BRANCH, *make_record(number), now=number)
    assert repo.git("rev-list", "--count", BRANCH) == "3"
    assert len(names(repo)) == 1 + 3 * 2


def test_work_tree_index_and_head_stay_as_they_are(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit({"a": "x", "b": "y"})
    repo.write({"a": "changed", "new": "untracked"})
    repo.git("add", "a")
    before = state(repo)
    history.append(repo.found(), BRANCH, *make_record(1), now=0)
    history.append(repo.found(), BRANCH, *make_record(2), now=0)
    assert state(repo) == before
    assert (repo.top / "a").read_text() == "changed"


@pytest.mark.parametrize("detached", [True, False])
def test_it_works_before_the_first_commit_and_with_a_detached_head(
    repo: Any, make_record: Callable[..., Any], detached: bool
) -> None:
    if detached:
        repo.git("checkout", "--quiet", "--detach", repo.commit())
    assert history.append(repo.found(), BRANCH, *make_record(1), now=0)


def test_a_branch_that_is_not_ours_is_refused_and_left_alone(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit({"a": "x"})
    repo.git("branch", "theirs")
    before = repo.git("rev-parse", "theirs")
    with pytest.raises(ToolError, match="theirs exists and is no coverage history"):
        history.append(repo.found(), "theirs", *make_record(1), now=0)
    assert repo.git("rev-parse", "theirs") == before


def test_a_branch_that_is_checked_out_is_refused(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit({"a": "x"})
    history.append(repo.found(), BRANCH, *make_record(1), now=0)
    before = repo.git("rev-parse", BRANCH)
    repo.git("worktree", "add", "--quiet", str(repo.top.parent / "other"), BRANCH)
    with pytest.raises(ToolError, match="is checked out in a work tree"):
        history.append(repo.found(), BRANCH, *make_record(2), now=0)
    assert repo.git("rev-parse", BRANCH) == before
    assert history.append(repo.found(), "coverage-histor", *make_record(2), now=0)


def test_a_branch_name_that_a_folder_of_branches_bars_is_told(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit()
    repo.git("branch", "coverage-history/x")
    with pytest.raises(ToolError, match="git fast-import"):
        history.append(repo.found(), BRANCH, *make_record(1), now=0)


@pytest.mark.parametrize("folder", ODD_FOLDERS)
def test_each_project_of_a_repository_has_a_folder_of_its_own(
    repo: Any, make_record: Callable[..., Any], folder: str
) -> None:
    repo.commit({f"{folder}/a": "x"})
    history.append(repo.found(folder), BRANCH, *make_record(1), now=0)
    history.append(repo.found(), BRANCH, *make_record(2), now=0)
    nested = folder_of(f"{folder}/")
    assert nested != folder_of("")
    found = names(repo)
    assert [name for name in found if name.startswith(f"{nested}/2026-11/") and name.endswith("1.summary.json")]
    assert [n for n in found if n.startswith(f"{folder_of('')}/2026-11/") and n.endswith("2.summary.json")]
    assert len(found) == 5


WRITER = """
import sys
import msgspec
from pathlib import Path
from coverage_roadmap.adapters import git, history
from coverage_roadmap.core.history import MARKER, folder_of
from coverage_roadmap.core.measurement import Detail, Summary
repository = git.find(Path.cwd())
detail = msgspec.json.decode(sys.argv[1], type=Detail)
sys.stdin.readline()
for line in sys.argv[2:]:
    summary = msgspec.json.decode(line, type=Summary)
    history.append(repository, "coverage-history", summary, detail, now=0)
"""


def test_eight_writers_at_once_lose_nothing(repo: Any, make_record: Callable[..., Any]) -> None:
    repo.commit()
    writers = []
    for writer in range(8):
        records = [make_record(writer * 4 + number) for number in range(4)]
        words = [msgspec.json.encode(summary).decode() for summary, _ in records]
        detail = msgspec.json.encode(records[0][1]).decode()
        command = [sys.executable, "-c", WRITER, detail, *words]
        writers.append(
            subprocess.Popen(command, cwd=repo.top, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    told = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 8, told
    assert len(names(repo)) == 1 + 32 * 2
    assert repo.git("rev-list", "--count", BRANCH) == "32"
    repo.git("fsck", "--strict")
