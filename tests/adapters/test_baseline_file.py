"""The baseline's file, and what git knows of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from coverage_roadmap.adapters import baseline_file, git, git_diff
from coverage_roadmap.core.baseline import FILE, Identity, file_of, whole
from coverage_roadmap.core.baseline_text import encode
from coverage_roadmap.core.measurement import Counts, Scope
from coverage_roadmap.errors import RecordError, ToolError

BASE = whole(Identity(".", "pyproject.toml"), Scope(("src",)), [], {"src/a.py": file_of(Counts(10, 2))}, {}, [], {})
TEXT = encode(BASE).decode()


def test_what_lies_in_the_project_is_read_and_nothing_is_none(tmp_path: Path) -> None:
    assert baseline_file.present(tmp_path) is None
    (tmp_path / FILE).write_text("anything")
    assert baseline_file.present(tmp_path) == b"anything"


def test_a_folder_in_its_place_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(RecordError, match="cannot be read"):
        baseline_file.present(tmp_path)


def test_the_committed_one_is_heads_whatever_lies_there_now(repo) -> None:
    assert baseline_file.committed(repo.found()) is None, "no commit yet"
    repo.commit({"a": ""})
    assert baseline_file.committed(repo.found()) is None
    repo.commit({FILE: TEXT})
    (repo.top / FILE).write_text("{")
    assert baseline_file.committed(repo.found()) == BASE


def test_a_committed_one_that_is_broken_says_where(repo) -> None:
    repo.commit({f"sub/{FILE}": "<<<<<<< HEAD\n"})
    with pytest.raises(RecordError, match="conflict marker") as raised:
        baseline_file.committed(repo.found("sub"))
    assert raised.value.where == f"HEAD:{FILE}:1"


def test_a_committed_one_that_is_huge_is_refused(repo) -> None:
    with (repo.top / FILE).open("wb") as file:
        file.truncate(baseline_file.LARGEST + 1)
    repo.commit()
    with pytest.raises(RecordError, match="larger than 64 MiB"):
        baseline_file.committed(repo.found())


@pytest.mark.parametrize(("text", "expected"), [("", None), ("\n", None), (TEXT, BASE)])
def test_a_side_of_a_merge_may_be_empty(tmp_path: Path, text: str, expected: object) -> None:
    (tmp_path / "side").write_text(text)
    assert baseline_file.side(tmp_path / "side", "ours") == expected


def test_a_side_that_is_missing_or_no_baseline_is_said_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read"):
        baseline_file.side(tmp_path / "none", "ours")
    (tmp_path / "side").write_text("{")
    with pytest.raises(RecordError) as raised:
        baseline_file.side(tmp_path / "side", "theirs")
    assert raised.value.where == "theirs"


def test_it_is_written_through_a_link_and_keeps_its_mode(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / FILE
    baseline_file.write(real, b"first")
    assert stat.S_IMODE(real.stat().st_mode) == 0o644
    real.chmod(0o600)
    link.symlink_to(real)
    baseline_file.write(link, b"second")
    assert (real.read_bytes(), link.is_symlink(), stat.S_IMODE(real.stat().st_mode)) == (b"second", True, 0o600)
    assert {path.name for path in tmp_path.iterdir()} == {"real", FILE}


def test_where_it_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="cannot be written"):
        baseline_file.write(tmp_path / "none" / FILE, b"")


def test_the_merge_drivers_commands_are_those_that_are_still_to_be_run(make_repo) -> None:
    repo = make_repo("a folder's")
    repo.commit({f"sub/{FILE}": TEXT})
    for count in (2, 1, 0):
        commands = baseline_file.driver_commands(repo.found("sub"))
        assert len(commands) == count
        if commands:
            assert os.system(f'cd "{repo.top}/sub" && {commands[0]}') == 0
    assert repo.git("config", "--get", "merge.coverage-roadmap.driver") == "coverage-roadmap baseline --merge %O %A %B"
    assert (repo.top / ".gitattributes").read_text() == f"{FILE} merge=coverage-roadmap\n"


def test_a_driver_of_another_name_is_not_ours(repo) -> None:
    repo.commit({".gitattributes": f"{FILE} merge=union\n"})
    repo.git("config", "merge.coverage-roadmap.driver", "anything")
    assert [command.split()[0] for command in baseline_file.driver_commands(repo.found())] == ["echo"]


def test_renames_since_a_file_last_changed_are_told_from_the_project(repo) -> None:
    text = "".join(f"line {n}\n" for n in range(20))
    assert git_diff.renames_since(repo.found(), FILE) == {}
    repo.commit({"sub/src/a b.py": text, "sub/src/c.py": text.upper(), "outside.py": f"{text}\n"})
    assert git_diff.renames_since(repo.found("sub"), FILE) == {}, "nothing changed it"
    repo.git("mv", "sub/src/c.py", "sub/src/before.py")
    repo.commit({f"sub/{FILE}": TEXT})
    repo.git("mv", "sub/src/a b.py", "sub/src/é.py")
    repo.git("mv", "outside.py", "elsewhere.py")
    repo.commit({"sub/src/é.py": f"{text}one more\n", "sub/new.py": "x"})
    repo.commit({"sub/other.py": ""})
    assert git_diff.renames_since(repo.found("sub"), FILE) == {"src/a b.py": "src/é.py"}


def test_settings_and_attributes_that_are_not_set_are_empty_and_unspecified(repo) -> None:
    found = repo.found()
    assert git.setting(found, "merge.none.driver") == ""
    assert git.attribute(found, "merge", "a file") == "unspecified"
    repo.git("config", "merge.none.driver", "a b")
    repo.write({".gitattributes": "a* merge=x\n"})
    assert git.setting(found, "merge.none.driver") == "a b"
    assert git.attribute(found, "merge", "a file") == "x"
