"""What commits changed, in real repositories."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from coverage_roadmap.adapters import commits
from coverage_roadmap.core.board.changes import count

EPOCH = datetime(1990, 1, 1, tzinfo=UTC)
TEXT = "".join(f"line {number}\n" for number in range(30))


def since(repo: Any, moment: datetime = EPOCH, folder: str = ".", paths: tuple[str, ...] = ()) -> list[Any]:
    return list(commits.since(repo.found(folder), "HEAD", moment, paths))


def test_each_commit_tells_its_files_and_renames_are_followed(repo: Any) -> None:
    repo.commit({"src/a.py": TEXT, "commit": "x"})
    repo.commit({"src/a.py": f"{TEXT}more\n", "odd\nname é.py": "1"})
    repo.git("mv", "src/a.py", "src/b.py")
    repo.commit()
    repo.git("rm", "-q", "commit")
    repo.commit()
    told = since(repo)
    assert told[0] == [("commit", "commit")]
    assert told[1] == [("src/a.py", "src/b.py")]
    assert told[2] == [("odd\nname é.py", "odd\nname é.py"), ("src/a.py", "src/a.py")]
    assert count(told).counts["src/b.py"] == 3
    assert count(told).formerly == {"src/b.py": ("src/a.py",)}


def test_only_the_named_folders_of_the_project_are_looked_at(repo: Any) -> None:
    repo.commit({"app/src/a.py": "x", "app/tests/t.py": "x", "src/else.py": "x"})
    assert since(repo, folder="app", paths=("src",)) == [[("src/a.py", "src/a.py")]]


def test_merges_and_what_is_older_are_left_out(repo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
    repo.commit({"a": "1"})
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-01T00:00:00Z")
    repo.git("switch", "-q", "-c", "side")
    repo.commit({"b": "1"})
    repo.git("switch", "-q", "main")
    repo.commit({"c": "1"})
    repo.git("merge", "-q", "--no-edit", "--no-ff", "side")
    told = since(repo, datetime(2026, 2, 1, tzinfo=UTC))
    assert sorted(path for commit in told for path, _ in commit) == ["b", "c"]
    assert since(repo, datetime(2026, 4, 1, tzinfo=UTC)) == []
