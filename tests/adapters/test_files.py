"""Files are written whole or not at all, and read with a bound."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coverage_roadmap.adapters import files
from coverage_roadmap.errors import RecordError, ToolError, UsageError

FULL = """
import json, resource, sys
from pathlib import Path
from coverage_roadmap.adapters import files
from coverage_roadmap.errors import ToolError
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
path = Path(sys.argv[1])
files.write_whole(path, b"fits")
try:
    files.write_whole(path, b"x" * 5000)
except ToolError as error:
    print(json.dumps([str(error), path.read_text(), sorted(p.name for p in path.parent.iterdir())]))
"""


def test_what_was_written_is_there_whole_with_usual_rights_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "größe b.json"
    path.write_text("older and longer")
    files.write_whole(path, b"new\x00\n")
    assert path.read_bytes() == b"new\x00\n"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_full_disk_is_told_keeps_the_old_file_and_leaves_nothing(
    in_own_process: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    message, text, names = in_own_process(FULL, str(folder / "a.json")).value
    assert message.startswith(f"{folder / 'a.json'}: cannot be written: File too large\n  next: make room")
    assert (text, names) == ("fits", ["a.json"])


@pytest.mark.parametrize(
    ("name", "mend"), [("gone/a.json", "make its folder"), ("folder", "make room"), ("file/a.json", "make room")]
)
def test_a_place_that_cannot_be_written_is_told_with_its_path(tmp_path: Path, name: str, mend: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match=f"{name}: cannot be written: ") as refused:
        files.write_whole(tmp_path / name, b"x")
    assert refused.value.next_step.startswith(mend)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


@pytest.mark.parametrize(("size", "fits"), [(0, True), (10, True), (11, False), (2**20, False)])
def test_reading_is_bounded(tmp_path: Path, size: int, fits: bool) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    if fits:
        assert files.read_bounded(path, 10) == b"x" * size
    else:
        with pytest.raises(RecordError, match=f"{path}: is larger than"):
            files.read_bounded(path, 10)


def test_a_file_that_does_not_say_its_size_is_not_read_to_its_end() -> None:
    with pytest.raises(RecordError, match="is larger than"):
        files.read_bounded(Path("/proc/self/status"), 10)


@pytest.mark.parametrize(("name", "reason"), [("gone", "No such file or directory"), (".", "Is a directory")])
def test_what_cannot_be_read_is_told_with_its_path_and_reason(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(RecordError, match=f"{tmp_path / name}: cannot be read: {reason}"):
        files.read_bounded(tmp_path / name, 10)


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(RecordError, match="cannot be read: it is a pipe, a socket or a device"):
            files.read_text(path)


def test_text_that_is_not_utf_8_is_read_with_its_odd_bytes_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.ini").write_bytes(b"[pytest]\n# gr\xfc\xdfe\n")
    assert files.read_text(tmp_path / "a.ini") == "[pytest]\n# gr\ufffd\ufffde\n"


def test_a_text_is_changed_in_place_with_its_odd_bytes_and_its_mode(tmp_path: Path) -> None:
    path, link = tmp_path / "a.md", tmp_path / "link.md"
    path.write_bytes(b"gr\xfc\xdfe\r\n")
    path.chmod(0o600)
    link.symlink_to(path)
    files.rewrite(link, "link.md", lambda text: f"{text}more\n", top=tmp_path)
    assert path.read_bytes() == b"gr\xfc\xdfe\r\nmore\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert link.is_symlink()
    before = path.stat()
    files.rewrite(path, "a.md", lambda text: text, top=tmp_path)
    assert path.stat().st_ino == before.st_ino, "what does not change is not written"
    files.rewrite(tmp_path / "new.md", "new.md", lambda text: f"[{text}]", top=tmp_path)
    assert (tmp_path / "new.md").read_text() == "[]"


@pytest.mark.parametrize("name", ["folder", "fifo"])
def test_what_is_no_file_is_not_rewritten(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(UsageError, match="is no file that can be written") as refused:
        files.rewrite(tmp_path / name, name, lambda text: text, top=tmp_path)
    assert refused.value.where == name


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository's folder with links, and files beside it."""
    made = tmp_path / "top"
    (made / "docs").mkdir(parents=True)
    (made / "sub" / ".git").mkdir(parents=True)
    (made / ".git").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_text("theirs")
    for name, goal in {
        "within": "docs/a.md",
        "out": "../outside/a.md",
        "absolute": str(tmp_path / "outside" / "a.md"),
        "folder": "../outside",
        "twice": "out",
        "new": "../outside/new.md",
        "git": ".git/config",
        "loop": "loop",
    }.items():
        (made / name).symlink_to(goal)
    (tmp_path / "way").symlink_to("top")
    return made


OUT, GIT = "leads out of the repository", "lies in git's own folder"


@pytest.mark.parametrize(
    ("name", "goal"), [("docs/a.md", "docs/a.md"), ("within", "docs/a.md"), ("loop", "loop"), ("gone/a", "gone/a")]
)
def test_links_are_followed_within_the_repository(top: Path, name: str, goal: str) -> None:
    for begin in (top, top.parent / "way", top / "docs" / ".."):
        for anywhere in (True, False):
            assert files.destination(begin / name, name, top, anywhere=anywhere) == top / goal
            assert files.destination(begin / name, name, top.parent / "way", anywhere=anywhere) == top / goal


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(("out", OUT), ("absolute", OUT), ("folder/a.md", OUT), ("folder/../a.md", OUT), ("twice", OUT), ("new", OUT)),
        *(("git", GIT), (".git/config", GIT), (".GIT/hooks/x", GIT), ("sub/.git/config", GIT), (".git", GIT)),
        ("docs/../.git/config", GIT),
    ],
)
def test_nothing_is_written_through_a_link_that_leads_out_or_into_gits_folder(top: Path, name: str, told: str) -> None:
    for begin in (top, top.parent / "way"):
        with pytest.raises(UsageError) as refused:
            files.rewrite(begin / name, name, lambda _: "ours", top=top)
        assert (refused.value.where, refused.value.what) == (name, told)
        assert refused.value.next_step
    assert (top.parent / "outside" / "a.md").read_text() == "theirs"
    assert not (top.parent / "outside" / "new.md").exists()


def test_a_file_outside_is_written_where_a_person_names_it(top: Path) -> None:
    path = top.parent / "outside" / "a.md"
    files.rewrite(path, "a.md", lambda text: f"{text}, ours", top=top)
    assert path.read_text() == "theirs, ours"
    with pytest.raises(UsageError, match=OUT):
        files.rewrite(path, "a.md", lambda text: text, top=top, anywhere=False)
    with pytest.raises(UsageError, match=GIT):
        files.destination(top.parent / "other" / ".git" / "config", "config", top)


def test_a_repository_that_lies_below_a_folder_of_gits_name_is_written(tmp_path: Path) -> None:
    top = tmp_path / ".git" / "work"
    assert files.destination(top / "a.md", "a.md", top, anywhere=False) == top / "a.md"


READ_ONLY = """
import json, sys
from pathlib import Path
from coverage_roadmap.adapters import files
from coverage_roadmap.errors import ToolError
try:
    files.rewrite(Path(sys.argv[1]), "a.md", lambda text: text + "x", top=Path.cwd())
except ToolError as error:
    print(json.dumps(str(error)))
"""


def test_a_read_only_file_is_told_and_left_alone(
    in_own_process: Callable[..., Any], tmp_path: Path, unprivileged: tuple[str, ...]
) -> None:
    path = tmp_path / "a.md"
    path.write_text("mine")
    path.chmod(0o444)
    told = in_own_process(READ_ONLY, str(path), prefix=unprivileged).value
    assert told == "a.md: is read-only\n  next: make it writable, or name another"
    assert path.read_text() == "mine"
