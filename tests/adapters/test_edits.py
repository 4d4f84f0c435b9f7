"""Edits of people's files: all files or none, and what a kill left undone is finished."""

import json
import signal
import stat
import subprocess
import sys

import pytest

from coverage_roadmap.adapters.edits import JOURNAL, finish, write_all
from coverage_roadmap.adapters.store import Store
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.errors import ToolError, UsageError


def edits(folder, texts):
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    return {folder / name: Edit(name, text, text.upper(), ()) for name, text in texts.items()}


def test_all_files_are_written_with_their_bytes_modes_and_links(tmp_path):
    wanted = edits(tmp_path, {"a": "one\r\ntwo", "b": "ü\n"})
    raw = tmp_path / "raw"
    raw.write_bytes(b"x\xff\r\n")
    raw.chmod(0o604)
    link = tmp_path / "link"
    link.symlink_to("raw")
    wanted[link] = Edit("link", "x\udcff\r\n", "y\udcff\r\n", ())
    write_all(Store(tmp_path), wanted, tmp_path)
    assert (tmp_path / "a").read_bytes() == b"ONE\r\nTWO"
    assert (tmp_path / "b").read_text() == "Ü\n"
    assert link.is_symlink()
    assert raw.read_bytes() == b"y\xff\r\n"
    assert stat.S_IMODE(raw.stat().st_mode) == 0o604
    assert sorted(path.name for path in tmp_path.iterdir()) == [".coverage-roadmap", "a", "b", "link", "raw"]


def test_a_link_that_leads_out_of_the_repository_bars_all(tmp_path):
    top = tmp_path / "top"
    top.mkdir()
    wanted = edits(top, {"a": "one"})
    (tmp_path / "outside").write_text("theirs")
    (top / "link").symlink_to("../outside")
    wanted[top / "link"] = Edit("link", "theirs", "ours", ())
    with pytest.raises(UsageError, match="link: leads out of the repository"):
        write_all(Store(top), wanted, top)
    assert [(tmp_path / name).read_text() for name in ("top/a", "outside")] == ["one", "theirs"]
    assert finish(Store(top), top) == []


@pytest.mark.parametrize("change", ["changed", "vanished"])
def test_a_file_that_changed_meanwhile_bars_all(tmp_path, change):
    wanted = edits(tmp_path, {"a": "one", "b": "two"})
    if change == "changed":
        (tmp_path / "b").write_text("two!")
        with pytest.raises(ToolError, match="changed while we looked"):
            write_all(Store(tmp_path), wanted, tmp_path)
        assert (tmp_path / "b").read_text() == "two!"
    else:
        (tmp_path / "b").unlink()
        with pytest.raises(ToolError, match="changed while we looked"):
            write_all(Store(tmp_path), wanted, tmp_path)
        assert not (tmp_path / "b").exists()
    assert (tmp_path / "a").read_text() == "one"


def test_what_was_written_is_put_back_where_a_later_file_fails(tmp_path):
    long = "c" * 250  # so that there is no room in its name for a file to write first
    wanted = edits(tmp_path, {"a": "one", "b": "two", long: "three"})
    with pytest.raises(ToolError, match="cannot be written: File name too long"):
        write_all(Store(tmp_path), wanted, tmp_path)
    assert [(tmp_path / name).read_text() for name in ("a", "b", long)] == ["one", "two", "three"]
    assert finish(Store(tmp_path), tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from coverage_roadmap.adapters import edits, files
from coverage_roadmap.adapters.store import Store
from coverage_roadmap.core.bump import Edit
class Deadly(dict):
    def items(self):
        for number, item in enumerate(super().items()):
            if self.armed and number == int(sys.argv[1]):
                os.kill(os.getpid(), signal.SIGKILL)
            yield item
        self.rounds += 1
        self.armed = self.rounds == 2
texts = {name: Path(name).read_text() for name in ("a", "b")}
wanted = Deadly({Path(name).resolve(): Edit(name, text, text.upper(), ()) for name, text in texts.items()})
wanted.armed, wanted.rounds = False, 0
edits.write_all(Store(Path.cwd()), wanted, Path.cwd())
"""


def killed(tmp_path, after):
    """Run an edit of two files that is killed after it wrote `after` of them."""
    edits(tmp_path, {"a": "one", "b": "two \udcff".encode("utf-8", "replace").decode()})
    done = subprocess.run([sys.executable, "-c", KILLED, str(after)], cwd=tmp_path, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("after", [0, 1])
def test_what_a_kill_left_undone_is_finished(tmp_path, after):
    killed(tmp_path, after)
    assert [(tmp_path / name).read_text() for name in "ab"] == (["one", "two ?"] if after == 0 else ["ONE", "two ?"])
    assert [path.name for path in finish(Store(tmp_path), tmp_path)] == ["a", "b"][after:]
    assert [(tmp_path / name).read_text() for name in "ab"] == ["ONE", "TWO ?"]
    assert finish(Store(tmp_path), tmp_path) == []


def test_where_a_person_has_gone_on_from_there_nothing_is_written(tmp_path):
    killed(tmp_path, 1)
    (tmp_path / "b").write_text("three")
    assert finish(Store(tmp_path), tmp_path) == []
    assert [(tmp_path / name).read_text() for name in "ab"] == ["ONE", "three"]


@pytest.mark.parametrize("content", [b"", b"[{", b'[{"file": 1}]', b"\xff"])
def test_a_journal_that_cannot_be_read_is_none(tmp_path, content):
    Store(tmp_path).open()
    journal = Store(tmp_path).root / JOURNAL
    journal.write_bytes(content)
    assert finish(Store(tmp_path), tmp_path) == []
    assert not journal.exists()


def test_a_journal_never_reaches_outside_of_the_repository(tmp_path):
    project = tmp_path / "repository" / "project"
    project.mkdir(parents=True)
    (tmp_path / "outside").write_text("")
    (project / "link").symlink_to(tmp_path / "outside")
    Store(project).open()
    (project.parent / ".git").mkdir()
    (project.parent / ".git" / "config").write_text("")
    for file in (
        *(tmp_path / "outside", project / "link", project / ".." / ".." / "outside"),
        project.parent / ".git" / "config",
    ):
        begun = [{"file": str(file), "before": "", "after": "caught"}]
        (Store(project).root / JOURNAL).write_text(json.dumps(begun))
        assert finish(Store(project), tmp_path / "repository") == []
        assert file.read_text() == ""
