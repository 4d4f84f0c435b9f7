"""What is committed and what lies in the work tree, from real repositories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coverage_roadmap.adapters import git
from coverage_roadmap.errors import ToolError

ODD = {
    "a space": "src/a b.py",
    "non-ASCII": "src/größe-試.py",
    "a newline": "src/two\nlines.py",
    "a tab and quotes": "src/\"a\"\t'b'.py",
    "a backslash": "src/a\\b.py",
    "glob signs": "src/[a-z]*?.py",
    "a leading dash": "src/-x.py",
    "a leading colon": "src/:(top)x.py",
}


@pytest.fixture(params=[".", "apps/the größe"], ids=["at the top", "in a sub-folder"])
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def at(folder: str, name: str) -> str:
    return os.path.normpath(f"{folder}/{name}")


def test_a_clean_tree_holds_what_is_committed(repo, folder: str) -> None:
    repo.commit({at(folder, name): name for name in [*ODD.values(), "tests/test_a.py", "README.md"]})
    found = repo.found(folder)
    blobs, changed = git.blobs_now(found, ["src", "tests"])
    assert sorted(blobs) == sorted([*ODD.values(), "tests/test_a.py"])
    assert blobs == git.blobs_at(found, "HEAD", ["src", "tests"])
    assert changed == []


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_a_changed_file_differs_and_has_the_hash_that_it_will_be_committed_with(repo, folder: str, name: str) -> None:
    repo.commit({at(folder, name): "before", at(folder, "src/other.py"): "x"})
    found = repo.found(folder)
    repo.write({at(folder, name): "after"})
    now, changed = git.blobs_now(found, ["src"])
    assert changed == [name]
    assert now != git.blobs_at(found, "HEAD", ["src"])
    repo.commit()
    assert now == git.blobs_at(found, "HEAD", ["src"])


@pytest.mark.parametrize("name", ODD.values(), ids=ODD)
def test_an_untracked_file_counts_and_a_deleted_one_does_not(repo, folder: str, name: str) -> None:
    repo.commit({at(folder, "src/gone.py"): "x", at(folder, "src/stays.py"): "y"})
    (repo.top / folder / "src/gone.py").unlink()
    repo.write({at(folder, name): "new"})
    now, changed = git.blobs_now(repo.found(folder), ["src"])
    assert sorted(now) == sorted([name, "src/stays.py"])
    assert sorted(changed) == sorted([name, "src/gone.py"])


@pytest.mark.parametrize("staged", [True, False])
def test_a_renamed_file_is_one_that_went_and_one_that_came(repo, folder: str, staged: bool) -> None:
    repo.commit({at(folder, "src/old name.py"): "the same text\n" * 20})
    os.rename(repo.top / folder / "src/old name.py", repo.top / folder / "src/new name.py")  # noqa: PTH104
    if staged:
        repo.git("add", "--all")
    now, changed = git.blobs_now(repo.found(folder), ["src"])
    assert list(now) == ["src/new name.py"]
    assert sorted(changed) == ["src/new name.py", "src/old name.py"]


def test_a_file_that_was_only_touched_or_staged_back_does_not_differ(repo, folder: str) -> None:
    name = at(folder, "src/a.py")
    repo.commit({name: "one"})
    repo.write({name: "two"})
    repo.git("add", "--all")
    repo.write({name: "one"})
    now, changed = git.blobs_now(repo.found(folder), ["src"])
    assert changed == []
    assert now == git.blobs_at(repo.found(folder), "HEAD", ["src"])


def test_ignored_files_and_files_elsewhere_do_not_count(repo, folder: str) -> None:
    repo.commit({at(folder, "src/a.py"): "x", ".gitignore": "*.pyc\n"})
    repo.write({at(folder, "src/a.pyc"): "x", at(folder, "docs/a.md"): "x", "src/elsewhere.md": "x"})
    now, changed = git.blobs_now(repo.found(folder), ["tests", "src/a.py", "src/a.pyc"])
    assert (list(now), changed) == (["src/a.py"], [])


def test_a_whole_project_is_looked_at_by_a_dot(repo, folder: str) -> None:
    repo.commit({at(folder, "src/a.py"): "x", at(folder, "b.py"): "x"})
    repo.write({at(folder, "c.py"): "x"})
    now, changed = git.blobs_now(repo.found(folder), ["."])
    assert (sorted(now), changed) == (["b.py", "c.py", "src/a.py"], ["c.py"])


def test_line_endings_that_git_turns_are_no_change(repo) -> None:
    repo.commit({".gitattributes": "*.py text\n", "src/a.py": "one\ntwo\n"})
    (repo.top / "src/a.py").write_bytes(b"one\r\ntwo\r\n")
    now, changed = git.blobs_now(repo.found(), ["src"])
    assert changed == []
    assert now == git.blobs_at(repo.found(), "HEAD", ["src"])


def test_before_the_first_commit_all_files_are_there_and_all_differ(repo, folder: str) -> None:
    repo.write({at(folder, "src/a.py"): "x", at(folder, "src/b.py"): "y"})
    found = repo.found(folder)
    now, changed = git.blobs_now(found, ["src"])
    assert (found.head, found.branch) == (None, "main")
    assert sorted(now) == sorted(changed) == ["src/a.py", "src/b.py"]


def test_a_thousand_changed_files_are_hashed(repo) -> None:
    repo.write({f"src/m{number}.py": str(number) for number in range(1000)})
    now, changed = git.blobs_now(repo.found(), ["src"])
    assert len(now) == len(changed) == 1000
    assert len(set(now.values())) == 1000


def test_no_paths_are_no_files(repo) -> None:
    repo.commit({"src/a.py": "x"})
    assert git.blobs_now(repo.found(), []) == ({}, [])
    assert git.blobs_at(repo.found(), "HEAD", []) == {}


def test_a_repository_is_found_with_its_head_and_branch(repo, folder: str) -> None:
    commit = repo.commit({at(folder, "a.py"): "x"})
    found = repo.found(folder)
    assert (found.top, found.project) == (repo.top.resolve(), (repo.top / folder).resolve())
    assert (found.head, found.branch) == (commit, "main")
    assert found.prefix == ("" if folder == "." else f"{folder}/")


def test_a_detached_head_has_no_branch(repo) -> None:
    first = repo.commit()
    repo.git("checkout", "--quiet", "--detach", first)
    found = repo.found()
    assert (found.head, found.branch) == (first, None)


@pytest.mark.parametrize("name", ["two\nlines", "ends\n", "größe 試"])
def test_odd_folder_names_around_a_project(make_repo, name: str) -> None:
    repo = make_repo(name)
    repo.commit({f"{name}/src/a.py": "x"})
    found = repo.found(name)
    assert (found.top, found.prefix) == (repo.top.resolve(), f"{name}/")
    assert list(git.blobs_now(found, ["src"])[0]) == ["src/a.py"]


def test_a_folder_without_a_repository_has_none(tmp_path: Path) -> None:
    assert git.find(tmp_path) is None


def test_without_git_there_is_no_repository(repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert git.find(repo.top) is None


def test_variables_of_a_hook_do_not_lead_elsewhere(make_repo, monkeypatch: pytest.MonkeyPatch) -> None:
    other, own = make_repo("other"), make_repo("own")
    other.commit({"x": "x"})
    commit = own.commit({"y": "y"})
    monkeypatch.setenv("GIT_DIR", str(other.top / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.top))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.top / ".git/index"))
    found = git.find(own.top)
    assert found is not None
    assert (found.top, found.head) == (own.top.resolve(), commit)


def test_a_refusal_of_git_is_told_in_its_last_line(repo) -> None:
    with pytest.raises(ToolError, match="git checkout: error: pathspec 'nowhere' did not match"):
        git.run(repo.top, "checkout", "nowhere")


def test_contents_are_those_of_the_commit_and_absent_files_are_left_out(repo, folder: str) -> None:
    repo.commit({at(folder, "a.ini"): "one\n", at(folder, "größe.ini"): "ü\n", at(folder, "empty"): ""})
    repo.write({at(folder, "a.ini"): "two\n"})
    texts = git.contents_at(repo.found(folder), "HEAD", ["a.ini", "no.ini", "größe.ini", "empty"])
    assert texts == {"a.ini": "one\n", "größe.ini": "ü\n", "empty": ""}


@pytest.mark.parametrize(
    ("branches", "configured", "expected"),
    [
        (["main", "master"], "", "refs/heads/main"),
        (["master", "topic"], "", "refs/heads/master"),
        (["topic"], "", None),
        (["main", "release/1"], "release/1", "refs/heads/release/1"),
        (["main"], "gone", None),
    ],
)
def test_the_default_branch_of_a_repository_without_a_remote(
    repo, branches: list[str], configured: str, expected: str | None
) -> None:
    repo.git("checkout", "--quiet", "-b", "start")
    repo.commit()
    for branch in branches:
        repo.git("branch", "--force", branch)
    assert git.default_branch(repo.found(), configured) == expected


def test_the_default_branch_is_what_the_remotes_head_names(cloned) -> None:
    _, copy = cloned("trunk/x")
    copy.commit({"b": "x"})
    assert git.default_branch(copy.found(), "") == "refs/remotes/origin/trunk/x"
    copy.git("branch", "trunk/x")
    assert git.default_branch(copy.found(), "") == "refs/heads/trunk/x"


def test_a_remotes_head_that_names_nothing_is_passed_over(repo) -> None:
    repo.commit()
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")
    assert git.default_branch(repo.found(), "") == "refs/heads/main"
