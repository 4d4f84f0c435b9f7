"""The cache of a project: records whole or not at all, the last twenty, and one run of a phase at a time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coverage_roadmap.adapters.store import FOLDER, KEPT, Store
from coverage_roadmap.errors import RecordError, ToolError


@pytest.fixture
def store(tmp_path: Path) -> Store:
    project = tmp_path / "größe project"
    project.mkdir()
    store = Store(project)
    store.open()
    return store


@pytest.fixture
def saved(store: Store, make_record: Callable[..., Any]) -> Callable[[int], Path]:
    def save(number: int) -> Path:
        summary, detail = make_record(number)
        store.begin(summary.id)
        return store.save(summary, detail)

    return save


def test_it_is_ignored_by_git_without_a_word_in_the_projects_own_ignore_file(repo: Any) -> None:
    store = Store(repo.top)
    store.open()
    store.open()
    (store.begin("20261122T120000000000Z-phase1-00000000") / "data" / ".coverage").write_text("x")
    assert repo.git("status", "--porcelain", "--untracked-files=all") == ""


@pytest.mark.parametrize("name", ["", "runs"])
def test_a_cache_that_is_a_link_is_refused_since_folders_in_it_are_deleted(tmp_path: Path, name: str) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    (project / FOLDER if name else project).mkdir(parents=True)
    outside.mkdir()
    (project / FOLDER / name).symlink_to(outside)
    with pytest.raises(ToolError, match=f"{name}: is a link, which the cache may not be"):
        Store(project).open()
    assert list(outside.iterdir()) == []


def test_a_lock_that_is_a_link_empties_no_file(store: Store, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("theirs")
    (store.root / "phase1.lock").symlink_to(tmp_path / "outside")
    with pytest.raises(ToolError, match=r"phase1\.lock: cannot be written: "), store.lock("phase1", print):
        pass
    assert (tmp_path / "outside").read_text() == "theirs"


def test_a_record_is_read_back_as_it_was(store: Store, saved: Callable[[int], Path], make_record: Any) -> None:
    saved(1)
    summary, detail = make_record(1)
    assert store.summaries() == ([summary], [])
    assert store.detail(summary.id) == detail


def test_records_come_newest_first_and_a_run_without_one_is_passed_over(
    store: Store, saved: Callable[[int], Path]
) -> None:
    for number in (2, 1, 3):
        saved(number)
    store.begin("20261122T130000000000Z-phase1-0000000f")
    good, bad = store.summaries()
    assert [summary.id[-1] for summary in good] == ["3", "2", "1"]
    assert bad == []


def test_only_the_last_twenty_runs_are_kept_with_their_raw_data(store: Store, saved: Callable[[int], Path]) -> None:
    folders = [saved(number) for number in range(KEPT + 3)]
    assert [folder.exists() for folder in folders] == [False] * 3 + [True] * KEPT
    assert len(store.summaries()[0]) == KEPT == 20


def test_an_empty_or_deleted_cache_has_no_records(store: Store) -> None:
    assert store.summaries() == ([], [])
    shutil.rmtree(store.root)
    assert store.summaries() == ([], [])


BROKEN = {
    "truncated": (lambda data: data[: len(data) // 2], "is corrupt: "),
    "empty": (lambda data: b"", "is corrupt: "),
    "no JSON": (lambda data: b"\x00\xff" + data, "is corrupt: "),
    "no UTF-8": (lambda data: data.replace(b"src", b"s\xffc"), "is corrupt: "),
    "another type": (lambda data: data.replace(b'"kind":"full"', b'"kind":7'), "is corrupt: Expected `str`"),
    "an unknown kind": (lambda data: data.replace(b'"full"', b'"fuller"'), "is corrupt: Invalid enum value"),
    "a negative count": (lambda data: data.replace(b'"statements":10', b'"statements":-1'), "is corrupt: Expected"),
    "an unknown key": (lambda data: data.replace(b'"kind"', b'"more":1,"kind"'), "unknown field `more`"),
    "a path for an id": (lambda data: data.replace(b'"id":"', b'"id":"../'), "is corrupt: Expected `str` matching"),
    "deep nesting": (lambda data: b"[" * 200_000, "is corrupt: "),
    "a newer format": (
        lambda data: data.replace(b'"format":0', b'"format":99').replace(b'"kind"', b'"more":1,"kind"'),
        "is of format 99, newer than ours (0)",
    ),
}


@pytest.mark.parametrize(("broken", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_record_is_named_with_its_reason_and_the_others_are_read(
    store: Store, saved: Callable[[int], Path], broken: Callable[[bytes], bytes], reason: str
) -> None:
    path = saved(1) / "summary.json"
    saved(2)
    before = path.read_bytes()
    path.write_bytes(broken(before))
    assert path.read_bytes() != before
    good, (error,) = store.summaries()
    assert [summary.id[-1] for summary in good] == ["2"]
    assert str(error).startswith(f".coverage-roadmap/runs/{path.parent.name}/summary.json: ")
    assert str(store.project) not in str(error)
    assert reason in str(error)
    assert "next: " in str(error)


@pytest.mark.parametrize("data", [b"", b"{", b'{"format":0,"files":{"a":3}}'])
def test_a_broken_detail_is_named(store: Store, saved: Callable[[int], Path], data: bytes) -> None:
    folder = saved(1)
    (folder / "detail.json").write_bytes(data)
    with pytest.raises(RecordError, match=r"detail\.json: is corrupt"):
        store.detail(folder.name)


def test_a_missing_detail_is_named(store: Store) -> None:
    with pytest.raises(RecordError, match=r"^\.coverage-roadmap/runs/\S+/detail\.json: cannot be read: No such file"):
        store.detail("20261122T120000000000Z-phase1-00000000")


def test_a_file_where_the_cache_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("")
    with pytest.raises(ToolError, match=f"{FOLDER}: cannot be written: "):
        Store(tmp_path).open()


READ_ONLY = """
import json, sys
from pathlib import Path
from coverage_roadmap.adapters.store import Store
from coverage_roadmap.errors import ToolError
try:
    Store(Path(sys.argv[1])).open()
except ToolError as error:
    print(json.dumps(str(error)))
"""


def test_a_read_only_project_is_told_and_left_alone(
    in_own_process: Callable[..., Any], tmp_path: Path, unprivileged: tuple[str, ...]
) -> None:
    project = tmp_path / "project"
    project.mkdir(mode=0o555)
    told = in_own_process(READ_ONLY, str(project), prefix=unprivileged).value
    assert told.startswith(f"{project / FOLDER}: cannot be written: Permission denied")
    assert list(project.iterdir()) == []


FULL_DISK = """
import json, resource, sys
import msgspec
from pathlib import Path
from coverage_roadmap.adapters.store import Store
from coverage_roadmap.core.measurement import Detail, Summary
from coverage_roadmap.errors import ToolError
store = Store(Path(sys.argv[1]))
summary = msgspec.json.decode(sys.argv[2], type=Summary)
store.begin(summary.id)
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
try:
    store.save(summary, Detail(0, {}))
except ToolError as error:
    print(json.dumps(str(error)))
"""


def test_a_full_disk_while_recording_loses_no_record_and_leaves_no_half_one(
    in_own_process: Callable[..., Any], store: Store, saved: Callable[[int], Path], make_record: Any
) -> None:
    saved(1)
    before = store.summaries()
    summary = msgspec.json.encode(make_record(2)[0]).decode()
    told = in_own_process(FULL_DISK, str(store.project), summary).value
    assert "summary.json: cannot be written: File too large" in told
    assert store.summaries() == before


HOLDER = """
import sys
from pathlib import Path
from coverage_roadmap.adapters.store import Store
with Store(Path(sys.argv[1])).lock("phase1", print):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(store: Store) -> Any:
    words = [sys.executable, "-c", HOLDER, str(store.project)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_of_a_phase_says_that_it_waits_and_waits(store: Store, holder: Any) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        assert holder.poll() is None
        holder.stdin.write("go\n")
        holder.stdin.flush()

    with store.lock("phase1", say):
        assert holder.wait(30) == 0
    assert said == ["phase1: another run of it is under way; waiting for its end"]


def test_another_phase_does_not_wait(store: Store, holder: Any) -> None:
    said: list[str] = []
    with store.lock("phase2", said.append):
        assert holder.poll() is None
    assert said == []


def test_a_run_that_was_killed_holds_nobody_up(store: Store, holder: Any) -> None:
    holder.kill()
    holder.wait()
    said: list[str] = []
    with store.lock("phase1", said.append):
        pass
    assert said == []


def test_what_is_begun_and_ends_with_an_error_leaves_no_folder(store: Store) -> None:
    with store.begun("good") as kept:
        assert (kept / "data").is_dir()
    with pytest.raises(ToolError, match="no such"), store.begun("bad"):
        raise ToolError("there is no such interpreter", where="python9")
    assert [path.name for path in (store.root / "runs").iterdir()] == ["good"]
    store.rename("good", "known")
    with pytest.raises(ToolError, match="cannot be written"):
        store.rename("gone", "other")
    assert [path.name for path in (store.root / "runs").iterdir()] == ["known"]
