"""CI's files in a repository: read with suspicion, written whole."""

import os

import pytest

from coverage_roadmap.adapters import ci_files
from coverage_roadmap.core.ci.marking import HEAD
from coverage_roadmap.errors import RecordError, ToolError, UsageError

WANTED = ".github/workflows/coverage-push.yml"
OURS = f"{HEAD}pyproject.toml: x\n"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / ".github" / "workflows"
    made.mkdir(parents=True)
    return made


def test_ours_and_what_stands_in_the_way_are_read_and_others_are_not(tmp_path, folder):
    (folder / "coverage-push.yml").write_text("theirs: é\n", encoding="utf-8")
    (folder / "coverage-weekly.yml").write_text(OURS)
    (folder / "other.yml").write_text("name: other\n")
    (folder / "latin.yml").write_bytes(b"# fa\xe7ade\n")
    (folder / "link.yml").symlink_to("coverage-weekly.yml")
    assert ci_files.read(tmp_path, [WANTED, ".github/workflows/absent.yml"]) == {
        WANTED: "theirs: é\n",
        ".github/workflows/coverage-weekly.yml": OURS,
    }


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.symlink_to("/etc/hostname"), "is a link"),
        (lambda path: path.symlink_to("nowhere"), "is a link"),
        (lambda path: path.mkdir(), "is no plain file"),
        (os.mkfifo, "is no plain file"),
        (lambda path: path.write_bytes(b"# \xff\n"), "is no UTF-8"),
    ],
)
def test_what_is_no_workflow_is_refused(tmp_path, folder, make, told):
    make(folder / "coverage-push.yml")
    with pytest.raises(UsageError, match=told):
        ci_files.read(tmp_path, [WANTED])


def test_a_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".github").symlink_to("elsewhere")
    with pytest.raises(UsageError, match="is a link"):
        ci_files.read(tmp_path, [WANTED])


def test_one_that_is_too_large_or_beyond_a_file_is_refused(tmp_path, folder):
    (folder / "coverage-push.yml").write_bytes(b"#" * (ci_files.LARGEST + 1))
    with pytest.raises(RecordError, match="larger than 1 MiB"):
        ci_files.read(tmp_path, [WANTED])
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="cannot be looked at"):
        ci_files.read(tmp_path, ["file/below.yml"])


def test_files_are_written_with_their_folders_and_deleted(tmp_path):
    ci_files.write(tmp_path, {WANTED: "a: é\n"})
    assert (tmp_path / WANTED).read_text(encoding="utf-8") == "a: é\n"
    ci_files.write(tmp_path, {WANTED: None, "absent.yml": None})
    assert not (tmp_path / WANTED).exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / ".github").touch()
    with pytest.raises(ToolError, match="cannot be written"):
        ci_files.write(tmp_path, {WANTED: ""})


def test_the_nearest_noxfile_is_looked_for_within_the_repository(tmp_path):
    top, below = tmp_path / "top", tmp_path / "top" / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "noxfile.py").touch()
    assert ci_files.nearest_noxfile(below, top) is None
    (top / "noxfile.py").touch()
    assert ci_files.nearest_noxfile(below, top) == top
    (below / "noxfile.py").touch()
    assert ci_files.nearest_noxfile(below, top) == below


READ_ONLY = """
import json, sys
from pathlib import Path
from coverage_roadmap.adapters import ci_files
from coverage_roadmap.errors import ToolError
try:
    ci_files.write(Path(sys.argv[1]), {"a.yml": "new", "b c.yml": "new"})
except ToolError as error:
    print(json.dumps(str(error)))
"""


def test_a_read_only_file_is_told_before_any_is_written(in_own_process, tmp_path, unprivileged):
    for name in ("a.yml", "b c.yml"):
        (tmp_path / name).write_text("mine")
    (tmp_path / "b c.yml").chmod(0o444)
    told = in_own_process(READ_ONLY, str(tmp_path), prefix=unprivileged).value
    assert told == "b c.yml: is read-only\n  next: chmod u+w 'b c.yml', and run again"
    assert {path.read_text() for path in tmp_path.iterdir()} == {"mine"}
