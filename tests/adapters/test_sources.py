"""The scope as it lies there and as it is committed, from real repositories, and the memory of what was counted."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coverage_roadmap.adapters import git, git_diff, sources
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.adapters.sources import count
from coverage_roadmap.core import scope
from coverage_roadmap.core.roadmap import Roadmap, build
from coverage_roadmap.core.scope import What
from coverage_roadmap.core.statements import DEFAULT_EXCLUDE, Lines, Unparsed

FILES = {
    "src/__init__.py": "",
    "src/a.py": "a = 1\nb = 2\n",
    "src/in/b c.py": "if a:\n    c = 1\n",
    "tests/t.py": "d\n",
}
MEASURED = ["src/__init__.py", "src/a.py", "src/in/b c.py"]


class StillClock:
    """A clock that stands at one day."""

    def __init__(self, days: int = 0) -> None:
        self.days = days

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(self.days)

    def monotonic(self) -> float:
        return 0.0


def memory(project: Path, days: int = 0) -> Memory:
    return Memory(project, StillClock(days))


def measuring(words: Sequence[str] = (), variables: Mapping[str, str] | None = None) -> Roadmap:
    keys = {"source": ["src"], "pytest-args": list(words), "env": dict(variables or {})}
    return build(Roadmap, {"phases": [{"name": "phase1", "fail-under": 60}], **keys})


def here(repo, folder: str = ".", **keys) -> scope.Snapshot:
    found = repo.found(folder)
    return sources.present(found.project, found, measuring(**keys), memory(found.project))


@pytest.fixture(params=[".", "apps/the größe"], ids=["at the top", "in a sub-folder"])
def folder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def placed(folder: str, files: dict[str, str]) -> dict[str, str]:
    return {os.path.normpath(f"{folder}/{name}"): text for name, text in files.items()}


def test_what_is_committed_and_what_lies_there_are_the_same_in_a_clean_tree(repo, folder: str) -> None:
    repo.commit(placed(folder, FILES))
    found = repo.found(folder)
    before = sources.at(found, "HEAD", measuring(), memory(found.project))
    assert before == here(repo, folder)
    assert sorted(before.files) == MEASURED
    assert before.statements == 4
    assert before.present == set(FILES)
    assert before.loose == {"src/in/b c.py"}
    assert before.root == found.project.as_posix()


def test_outside_of_git_the_same_is_found_by_walking(repo, folder: str, tmp_path: Path) -> None:
    repo.commit(placed(folder, FILES))
    project = (repo.top / folder).resolve()
    assert sources.present(project, None, measuring(), memory(project)) == here(repo, folder)


def test_changed_new_and_deleted_files_count_as_they_lie_there_and_ignored_ones_do_not(repo, folder: str) -> None:
    repo.commit(placed(folder, {**FILES, ".gitignore": "made.py\n"}))
    repo.write(placed(folder, {"src/a.py": "a = 1\n", "src/new.py": "x\n", "src/made.py": "y\n"}))
    (repo.top / folder / "src/in/b c.py").unlink()
    found = here(repo, folder)
    assert {path: lines.statements for path, lines in found.files.items() if isinstance(lines, Lines)} == {
        "src/__init__.py": 0,
        "src/a.py": 1,
        "src/new.py": 1,
    }
    assert sources.at(repo.found(folder), "HEAD", measuring(), memory(repo.top)).statements == 4


def test_before_the_first_commit_the_work_tree_is_counted(repo) -> None:
    repo.write(FILES)
    assert here(repo).statements == 4


@pytest.mark.parametrize("in_git", [True, False])
def test_tools_folders_environments_and_links_are_left_out(repo, in_git: bool) -> None:
    repo.commit(FILES)
    repo.write(
        {"src/.tox/x.py": "x\n", "src/env/pyvenv.cfg": "", "src/env/lib/y.py": "y\n", "src/node_modules/z.py": "z"}
    )
    (repo.top / "src/link.py").symlink_to("a.py")
    (repo.top / "src/dangling.py").symlink_to("nothing.py")
    repo.git("add", "src/link.py", "src/dangling.py")
    repo.git("commit", "--quiet", "-m", "links")
    found = sources.present(repo.top, repo.found() if in_git else None, measuring(), memory(repo.top))
    assert sorted(found.files) == MEASURED
    assert sorted(sources.at(repo.found(), "HEAD", measuring(), memory(repo.top)).files) == MEASURED


def test_settings_are_read_at_the_revision(repo, folder: str) -> None:
    repo.commit(placed(folder, {**FILES, ".coveragerc": "[run]\nbranch = 1\n"}))
    repo.write(placed(folder, {".coveragerc": "[run]\nomit = src/in/*, $WHERE/*\n"}))
    found = repo.found(folder)
    before = sources.at(found, "HEAD", measuring(), memory(found.project))
    now = here(repo, folder, variables={"WHERE": "src/b"})
    assert (before.settings.branch, before.settings.omit) == (True, ())
    assert (now.settings.branch, now.settings.omit) == (False, ("src/in/*", "src/b/*"))
    shrunk = scope.compare(before, now)
    assert [(item.what, item.statements) for item in shrunk.items] == [
        (What.OMIT, 2),
        (What.BRANCH, 0),
        (What.OMIT, 0),
    ]


@pytest.mark.parametrize("named", ["ci/cov.cfg", "./ci/../ci/cov.cfg", "../cov.cfg"])
def test_a_named_settings_file_is_read_in_the_project_and_above_it(repo, named: str) -> None:
    text = "[run]\nomit = src/a.py\n"
    repo.commit({**placed("apps/one", {**FILES, "ci/cov.cfg": text}), "apps/cov.cfg": text})
    found = repo.found("apps/one")
    words = ["--cov-config", named]
    for one in (here(repo, "apps/one", words=words), sources.at(found, "HEAD", measuring(words), memory(repo.top))):
        assert one.settings.omit == ("src/a.py",)


@pytest.mark.parametrize("named", ["nothing.cfg", "../outside.cfg", "/no/such.cfg", "src", "a\0b"])
def test_a_named_settings_file_that_cannot_be_read_is_a_problem(repo, named: str) -> None:
    repo.commit(FILES)
    words = [f"--cov-config={named}"]
    for one in (here(repo, words=words), sources.at(repo.found(), "HEAD", measuring(words), memory(repo.top))):
        assert "cannot be read" in one.settings.problem


def test_files_that_cannot_be_counted_say_why(repo) -> None:
    repo.commit({"src/bad.py": "a = = 1\n", "src/ok.py": "a\n"})
    (repo.top / "src/latin.py").write_bytes(b"# coding: latin-1\na = '\xe4'\n")
    (repo.top / "src/bytes.py").write_bytes(b"a = '\xff'\n")
    (repo.top / "src/large.py").write_bytes(b"#" * (sources.LARGEST + 1))
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "-m", "odd")
    committed = sources.at(repo.found(), "HEAD", measuring(), memory(repo.top))
    (repo.top / "src/large.py").write_bytes(b"#" * (sources.LARGEST + 2))
    for found in (committed, here(repo)):
        assert sorted(found.unparsed) == ["src/bad.py", "src/bytes.py", "src/large.py"]
        assert found.unparsed["src/bad.py"].line == 1
        assert "is larger than 8 MiB" in found.unparsed["src/large.py"].reason


def test_a_submodule_is_passed_over(repo, make_repo) -> None:
    other = make_repo("other")
    other.commit({"x.py": "x\n"})
    repo.commit(FILES)
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.top), "src/sub")
    repo.commit()
    (repo.top / "src/sub/y.py").write_text("y\n", encoding="utf-8")
    assert (
        sorted(here(repo).files)
        == sorted(sources.at(repo.found(), "HEAD", measuring(), memory(repo.top)).files)
        == MEASURED
    )


def test_a_file_that_a_sparse_checkout_left_out_is_not_there(repo) -> None:
    repo.commit(FILES)
    repo.git("sparse-checkout", "set", "--no-cone", "/*", "!/src/a.py")
    assert not (repo.top / "src/a.py").exists()
    assert sorted(here(repo).files) == ["src/__init__.py", "src/in/b c.py"]


def test_renamed_files_are_followed_between_commits_and_to_the_work_tree(repo, folder: str) -> None:
    text = "".join(f"name_{number} = {number}\n" for number in range(20))
    first = repo.commit(placed(folder, {"src/old\nname.py": text, "src/a.py": "a = 1\n", "src/b.py": "b = 2\n" * 9}))
    (repo.top / folder / "src/old\nname.py").rename(repo.top / folder / "src/größe.py")
    second = repo.commit(placed(folder, {"src/größe.py": f"{text}more = 1\n"}))
    repo.git("mv", os.path.normpath(f"{folder}/src/b.py"), os.path.normpath(f"{folder}/src/c.py"))
    found = repo.found(folder)
    assert git_diff.renames(found, first, second) == {"src/old\nname.py": "src/größe.py"}
    assert git_diff.renames(found, first, None) == {"src/old\nname.py": "src/größe.py", "src/b.py": "src/c.py"}
    assert git_diff.renames(found, second, second) == {}


def test_blobs_sizes_are_told_and_a_missing_one_has_none(repo) -> None:
    repo.commit({"a.py": "a\n" * 5, "b.py": ""})
    blobs = git.files_at(repo.found(), "HEAD")
    assert git.blob_sizes(repo.found(), [blobs["a.py"], "0" * 40, blobs["b.py"]]) == [10, 0, 0]


class Shelf:
    """Contents by name that note which of them were read."""

    def __init__(self, **contents: bytes | Unparsed) -> None:
        self.contents = contents
        self.read: list[str] = []

    def __call__(self, keys: Sequence[str]) -> Iterator[tuple[str, bytes | Unparsed]]:
        self.read += keys
        yield from ((key, self.contents[key]) for key in keys)


def test_each_content_is_read_once_and_then_remembered(tmp_path: Path) -> None:
    shelf = Shelf(one=b"a\n", two=b"a\nb = = 1\n")
    first = memory(tmp_path)
    counted = count(first, ["one", "two", "one"], DEFAULT_EXCLUDE, shelf)
    assert count(first, ["two"], DEFAULT_EXCLUDE, shelf) == {"two": counted["two"]}
    assert count(memory(tmp_path), ["one", "two"], DEFAULT_EXCLUDE, shelf) == counted
    assert shelf.read == ["one", "two"]
    assert isinstance(counted["two"], Unparsed)
    assert (tmp_path / ".coverage-roadmap/.gitignore").read_text(encoding="utf-8") == "*\n"


def test_other_exclusions_count_anew(tmp_path: Path) -> None:
    shelf = Shelf(one=b"a  # no\nb\n")
    counted = [count(memory(tmp_path), ["one"], exclude, shelf)["one"] for exclude in ((), ("# no",))]
    assert [one.statements for one in counted if isinstance(one, Lines)] == [2, 1]


def test_what_could_not_be_read_is_tried_again(tmp_path: Path) -> None:
    assert count(memory(tmp_path), ["one"], (), Shelf(one=Unparsed(0, "gone")))["one"] == Unparsed(0, "gone")
    assert isinstance(count(memory(tmp_path), ["one"], (), Shelf(one=b"a\n"))["one"], Lines)


def test_many_contents_are_recalled(tmp_path: Path) -> None:
    names = [f"n{number}" for number in range(1201)]
    shelf = Shelf(**dict.fromkeys(names, b"a\n"))
    count(memory(tmp_path), names, (), shelf)
    assert len(count(memory(tmp_path), names, (), shelf)) == len(shelf.read) == 1201


def test_what_nothing_asked_for_in_thirty_days_is_forgotten(tmp_path: Path) -> None:
    shelf = Shelf(kept=b"a\n", old=b"b\n", new=b"c\n")
    count(memory(tmp_path), ["kept", "old"], (), shelf)
    count(memory(tmp_path, 20), ["kept"], (), shelf)
    count(memory(tmp_path, 40), ["new"], (), shelf)
    count(memory(tmp_path, 40), ["kept", "old"], (), shelf)
    assert shelf.read == ["kept", "old", "new", "old"]


@pytest.mark.parametrize("entry", [b"", b"\xff", b"\x91\xa5Lines", "text", None, 3])
def test_an_entry_that_is_none_of_ours_is_counted_anew(tmp_path: Path, entry: object) -> None:
    shelf = Shelf(one=b"a\n")
    counted = count(memory(tmp_path), ["one"], (), shelf)
    file = sqlite3.connect(tmp_path / ".coverage-roadmap/made.sqlite")
    with file:
        file.execute("UPDATE made SET entry = ?", (entry,))
    file.close()
    assert count(memory(tmp_path), ["one"], (), shelf) == counted
    assert shelf.read == ["one", "one"]


def test_a_memory_that_is_no_database_is_made_anew(tmp_path: Path) -> None:
    shelf = Shelf(one=b"a\n")
    (tmp_path / ".coverage-roadmap").mkdir()
    (tmp_path / ".coverage-roadmap/made.sqlite").write_bytes(b"no database" * 999)
    for _ in range(3):
        count(memory(tmp_path), ["one"], (), shelf)
    assert shelf.read == ["one", "one"]


def test_where_the_memory_cannot_be_written_all_is_counted_all_the_same(tmp_path: Path) -> None:
    (tmp_path / ".coverage-roadmap").write_text("a file in the way", encoding="utf-8")
    assert isinstance(count(memory(tmp_path), ["one"], (), Shelf(one=b"a\n"))["one"], Lines)


def test_more_than_is_read_of_git_at_once_is_read_in_parts(repo) -> None:
    size = sources.LARGEST - 100
    repo.commit({f"src/f{number}.py": f"a = {number}\n#{'x' * size}\n" for number in range(10)})
    assert 10 * size > sources._TOGETHER
    found = sources.at(repo.found(), "HEAD", measuring(), memory(repo.top))
    assert (found.statements, found.unparsed) == (10, {})
