"""Documentations on a real history branch, and how they are found again after each way to merge."""

import subprocess

import msgspec
import pytest

from coverage_roadmap.adapters import documentation, git, history
from coverage_roadmap.adapters.reached import reached
from coverage_roadmap.core.documentation import document
from coverage_roadmap.core.measurement import Tree

BRANCH = "coverage-history"


def record(repo, base, commit, folder="."):
    repository = repo.found(folder)
    made = document("## S", ["s"], commit, base, Tree("t"), documentation.changed(repository, base, commit))
    documentation.write(repository, BRANCH, made, now=1_700_000_000)
    return made


def found(repo, folder=".", default="refs/heads/main"):
    repository = repo.found(folder)
    kept = history.find(repository, BRANCH)
    told = documentation.read(kept, reached(repository, default) if default else None, [["s"]])
    assert not told.unreadable
    return [(one.merged, one.lacking) for one in told.recorded]


@pytest.fixture
def work(repo):
    """A branch with two commits: an edit, a new file with an odd name, a removal; main goes on beside it."""
    base = repo.commit({"app/a.py": "1\n", "app/gone.py": "x\n", "top.txt": "1"})
    repo.git("switch", "--quiet", "-c", "work")
    repo.commit({"app/a.py": "2\n"})
    (repo.top / "app/gone.py").unlink()
    tip = repo.commit({"app/b\n|@team.py": "new\n", "top.txt": "2"})
    repo.git("switch", "--quiet", "main")
    repo.commit({"app/else.py": "1\n"})
    return base, tip


def test_what_a_commit_changed_is_told_by_its_contents(repo, work):
    base, tip = work
    changed = documentation.changed(repo.found("app"), base, tip)
    blobs = [repo.git("rev-parse", f"work:app/{name}") for name in ("a.py", "b\n|@team.py")]
    assert changed == {"a.py": blobs[0], "b\n|@team.py": blobs[1], "gone.py": ""}


@pytest.mark.parametrize("folder", [".", "app"])
@pytest.mark.parametrize(
    ("merge", "merged"),
    [
        ([], False),
        ([["merge", "--quiet", "--no-ff", "work"]], True),
        ([["merge", "--quiet", "--squash", "work"], ["commit", "-qm", "squash"]], True),
        ([["cherry-pick", "work~1", "work"]], True),
        ([["cherry-pick", "work~1"]], False),
    ],
)
def test_merged_as_it_is_or_as_a_squash_or_commit_by_commit(repo, work, folder, merge, merged):
    record(repo, *work, folder)
    for words in merge:
        repo.git(*words)
    repo.commit({"app/a.py": "3\n"})
    assert found(repo, folder) == [(merged, "")]


def test_without_a_default_branch_it_cannot_be_told(repo, work):
    record(repo, *work)
    assert found(repo, default=None) == [(False, "there is no default branch to look at")]


def test_a_shallow_clone_says_what_to_fetch(repo, work, tmp_path):
    record(repo, *work)
    repo.git("merge", "--quiet", "--squash", "work")
    repo.commit()
    words = ["git", "clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo.top}", str(tmp_path / "clone")]
    subprocess.run(words, check=True)
    clone = git.find(tmp_path / "clone")
    told = documentation.read(history.find(clone, BRANCH), reached(clone, "refs/heads/main"), [["s"]]).recorded
    assert [one.lacking for one in told] == [f"its base {work[0][:8]} is not in this clone: git fetch --unshallow"]


@pytest.mark.parametrize(
    "content", [b"{", b"[" * 100_000, b'{"format": 0}', b'{"format": 0, "commit": "--x"}', b"\xff"]
)
def test_a_foreign_file_is_named_and_the_rest_is_read(repo, work, content):
    record(repo, *work)
    history.write(repo.found(), BRANCH, {"top/documented/x.json": content}, "foreign", now=1_700_000_000)
    told = documentation.read(history.find(repo.found(), BRANCH), reached(repo.found(), "refs/heads/main"), [["s"]])
    assert len(told.recorded) == 1
    assert [error.where for error in told.unreadable] == [f"{BRANCH}:documented/x.json"]


def test_one_that_is_written_twice_is_there_once(repo, work):
    assert record(repo, *work) == record(repo, *work)
    assert repo.git("rev-list", "--count", BRANCH) == "1"
    assert found(repo) == [(False, "")]
    other = msgspec.structs.replace(record(repo, *work), section="0" * 64)
    documentation.write(repo.found(), BRANCH, other, now=1_700_000_000)
    assert len(found(repo)) == 2


def test_whether_it_was_merged_is_asked_only_of_what_a_criterion_wants(repo, work):
    record(repo, *work)
    repo.git("merge", "--quiet", "--no-ff", "work")
    default, kept = reached(repo.found(), "refs/heads/main"), history.find(repo.found(), BRANCH)
    told = [documentation.read(kept, default, wanted).recorded[0].merged for wanted in ([["s"]], [["s", "t"]], [])]
    assert told == [True, False, False]
