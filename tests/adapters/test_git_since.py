"""What changed since a revision, and where a branch began, from real repositories."""

import subprocess

import pytest

from coverage_roadmap.adapters import git, git_diff


@pytest.mark.parametrize("folder", [".", "apps/the größe"])
def test_what_changed_is_named_by_its_path_in_the_project(repo, folder):
    prefix = "" if folder == "." else f"{folder}/"
    first = repo.commit({f"{prefix}{name}": name for name in ("same.py", "edited.py", "gone.py", "moved a.py")})
    repo.commit({f"{prefix}edited.py": "else", f"{prefix}added.py": "x", "outside.py": "x"})
    (repo.top / folder / "gone.py").unlink()
    (repo.top / folder / "moved a.py").rename(repo.top / folder / "moved\nb.py")
    repo.write({f"{prefix}new/untracked.py": "x"})
    expected = {"edited.py", "added.py", "gone.py", "moved a.py", "moved\nb.py", "new/untracked.py"}
    assert git_diff.changed_since(repo.found(folder), first) == expected | ({"outside.py"} if folder == "." else set())


def test_listed_files_are_the_known_and_the_new_ones_and_not_the_ignored(repo):
    repo.commit({"a.py": "", "deep/b.py": "", ".gitignore": "*.log\n"})
    repo.write({"c.py": "", "d.log": ""})
    assert git.listed(repo.found()) == [".gitignore", "a.py", "c.py", "deep/b.py"]
    assert git.listed(repo.found("deep")) == ["b.py"]


def test_the_merge_base_is_where_a_branch_began(repo):
    began = repo.commit({"a.py": "1"})
    repo.git("switch", "--quiet", "-c", "work")
    repo.commit({"b.py": "1"})
    repo.git("switch", "--quiet", "main")
    repo.commit({"a.py": "2"})
    repo.git("switch", "--quiet", "work")
    assert git.merge_base(repo.found(), "refs/heads/main") == began
    assert git.merge_base(repo.found(), "refs/heads/nothing") is None


def test_without_a_commit_or_a_common_one_there_is_no_merge_base(repo):
    assert git.merge_base(repo.found(), "refs/heads/main") is None
    repo.commit({"a.py": "1"})
    repo.git("switch", "--quiet", "--orphan", "other")
    repo.commit({"b.py": "1"})
    assert git.merge_base(repo.found(), "refs/heads/main") is None


def test_of_several_branches_the_last_one_that_was_left_counts(repo):
    repo.commit({"a.py": "1"})
    repo.git("branch", "stale")
    later = repo.commit({"a.py": "2"})
    repo.git("switch", "--quiet", "-c", "work")
    repo.commit({"b.py": "1"})
    assert git.merge_base(repo.found(), "refs/heads/stale", "refs/heads/main") == later
    assert git.merge_base(repo.found()) is None


def test_the_remotes_branch_is_the_one_that_is_set_up_else_origins(repo):
    repo.commit({"a.py": "1"})
    assert git.tracking(repo.found(), "refs/heads/main") is None
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert git.tracking(repo.found(), "refs/heads/main") == "refs/remotes/origin/main"
    repo.git("remote", "add", "upstream", "nowhere")
    repo.git("update-ref", "refs/remotes/upstream/main", "HEAD")
    repo.git("branch", "--quiet", "--set-upstream-to", "upstream/main", "main")
    assert git.tracking(repo.found(), "refs/heads/main") == "refs/remotes/upstream/main"
    repo.git("update-ref", "-d", "refs/remotes/upstream/main")
    assert git.tracking(repo.found(), "refs/heads/main") == "refs/remotes/origin/main"
    assert git.tracking(repo.found(), "refs/remotes/origin/main") is None


def test_a_shallow_clone_is_known_and_lacks_the_merge_base(repo, tmp_path):
    repo.commit({"a.py": "1"})
    repo.git("branch", "side")
    repo.commit({"a.py": "2"})
    assert not git.is_shallow(repo.found())
    words = ["git", "clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo.top}", str(tmp_path / "clone")]
    subprocess.run(words, check=True)
    clone = git.find(tmp_path / "clone")
    assert git.is_shallow(clone)
    assert git.merge_base(clone, "refs/remotes/origin/side") is None
