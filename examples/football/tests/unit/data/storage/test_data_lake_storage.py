"""Partition writes, reads and recovery of the data lake, on `tmp_path` and on a fake file system."""

import errno
import os
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from src.core.exceptions import StorageError
from src.data.storage import data_lake_storage
from src.data.storage.data_lake_storage import DataLakeStorage, RecoveryReport, new_batch
from src.data.storage.manifest import FileEntry, Journal, Manifest, checksum
from src.data.storage.partitioning import NULL_VALUE, Partition, encode_value, parse_path, split
from src.monitoring.metrics import ServiceMetrics

PL = Partition((("league", "PL"),))
BL = Partition((("league", "BL"),))
FIRST = FileEntry("league=PL/a.parquet", 10, 900, "aa")
SECOND = FileEntry("league=BL/b.parquet", 5, 500, "bb")


@pytest.fixture
def metrics() -> ServiceMetrics:
    return ServiceMetrics()


@pytest.fixture
def lake(tmp_path, metrics) -> DataLakeStorage:
    """A lake on the real disk, whose batches are called b1, b2 and so on."""
    numbers = iter(range(1, 100))
    return DataLakeStorage(tmp_path / "lake", metrics, lambda: f"b{next(numbers)}")


@pytest.fixture
def matches() -> pd.DataFrame:
    return pd.DataFrame({"match_id": [1, 2, 3], "league": ["PL", "BL", "PL"], "goals": [2.0, 0.0, 5.0]})


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# --- writing ------------------------------------------------------------------------------------


def test_a_write_makes_one_file_for_each_partition(lake, matches, metrics):
    result = lake.write("matches", matches, ["league"])
    paths = ("league=BL/part-b1.parquet", "league=PL/part-b1.parquet")
    assert (result.dataset, result.batch, result.rows, result.files) == ("matches", "b1", 3, paths)
    assert files_below(lake.root / "matches") == ["_manifest.json", *paths]
    assert metrics.value("lake_rows_total", dataset="matches") == 3
    assert metrics.value("lake_files", dataset="matches") == 2


def test_the_manifest_says_what_the_files_hold(lake, matches):
    lake.write("matches", matches, ["league"])
    entry = lake.manifest("matches").files["league=PL/part-b1.parquet"]
    path = lake.root / "matches" / entry.path
    assert (entry.rows, entry.size, entry.checksum) == (2, path.stat().st_size, checksum(path))
    assert pq.read_metadata(path).num_rows == 2


def test_an_unpartitioned_dataset_has_its_files_at_the_top(lake, matches):
    assert lake.write("matches", matches).files == ("part-b1.parquet",)
    assert lake.partitions("matches") == [Partition()]


def test_writes_append(lake, matches):
    lake.write("matches", matches, ["league"])
    lake.write("matches", matches.assign(match_id=[4, 5, 6]), ["league"])
    assert sorted(lake.read("matches")["match_id"]) == [1, 2, 3, 4, 5, 6]
    assert len(lake.manifest("matches").files) == 4


def test_an_empty_frame_writes_nothing(lake, matches):
    result = lake.write("matches", matches.iloc[:0], ["league"])
    assert (result.rows, result.files) == (0, ())
    assert not lake.root.exists()


@pytest.mark.parametrize("name", ["", "Matches", "../etc", "a/b", "1st"])
def test_dataset_names_cannot_leave_the_lake(lake, matches, name):
    with pytest.raises(StorageError, match="not a dataset name"):
        lake.write(name, matches)


def test_a_missing_partition_column_is_named(lake, matches):
    with pytest.raises(StorageError, match="partition columns are missing: season"):
        lake.write("matches", matches, ["league", "season"])


def test_a_full_disk_leaves_the_dataset_as_it_was(lake, matches, monkeypatch):
    lake.write("matches", matches, ["league"])
    before = files_below(lake.root)
    real, calls = pq.write_table, []

    def second_fails(table, stream):
        calls.append(stream.name)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(table, stream)

    monkeypatch.setattr(data_lake_storage.pq, "write_table", second_fails)
    with pytest.raises(StorageError, match="cannot write matches: .*No space left"):
        lake.write("matches", matches, ["league"])
    assert len(calls) == 2
    assert files_below(lake.root) == before


def test_batch_names_do_not_repeat():
    names = {new_batch() for _ in range(50)}
    assert len(names) == 50
    assert {len(name) for name in names} == {12}


# --- reading ------------------------------------------------------------------------------------


def test_rows_come_back_as_they_were(lake, matches):
    lake.write("matches", matches)
    pd.testing.assert_frame_equal(lake.read("matches"), matches, check_dtype=False)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"league": "PL"}, [1, 3]),
        ({"league": ["BL", "SA"]}, [2]),
        ({"league": {"PL", "BL"}}, [2, 1, 3]),
        ({"goals": 5}, [2, 1, 3]),
        ({"league": "SA"}, []),
        (None, [2, 1, 3]),
    ],
    ids=["one", "list", "set", "no partition column", "none match", "no filter"],
)
def test_filters_pick_partitions(lake, matches, filters, ids):
    lake.write("matches", matches, ["league"])
    assert list(lake.read("matches", filters, ["match_id"])["match_id"]) == ids


def test_columns_can_be_chosen(lake, matches):
    lake.write("matches", matches, ["league"])
    assert list(lake.read("matches", columns=["goals"]).columns) == ["goals"]
    assert list(lake.read("nothing", columns=["goals"]).columns) == ["goals"]


def test_a_later_column_is_null_in_older_rows(lake, matches):
    lake.write("matches", matches)
    lake.write("matches", matches.assign(corners=[7, 8, 9]))
    read = lake.read("matches")
    assert list(read["corners"].isna()) == [True] * 3 + [False] * 3


def test_a_vanished_file_is_an_error_not_a_gap(lake, matches):
    lake.write("matches", matches)
    (lake.root / "matches" / "part-b1.parquet").unlink()
    with pytest.raises(StorageError, match="cannot read .*part-b1.parquet"):
        lake.read("matches")


def test_datasets_and_partitions_are_listed_in_order(lake, matches):
    lake.write("odds", matches)
    lake.write("matches", matches, ["league"])
    (lake.root / "stray").mkdir()
    assert lake.datasets() == ["matches", "odds"]
    assert lake.partitions("matches") == [BL, PL]


# --- compaction and deletion --------------------------------------------------------------------


def test_compaction_merges_one_partition(lake, matches, metrics):
    for _ in range(3):
        lake.write("matches", matches, ["league"])
    before = lake.read("matches", {"league": "PL"})
    assert lake.compact("matches", PL) == 3
    live = sorted(lake.manifest("matches").files)
    assert [path for path in live if "PL" in path] == ["league=PL/part-b4.parquet"]
    assert [path for path in files_below(lake.root / "matches") if "PL" in path] == live[-1:]
    assert len(live) == 4
    pd.testing.assert_frame_equal(lake.read("matches", {"league": "PL"}), before)
    assert metrics.value("lake_files", dataset="matches") == 4


def test_a_single_file_is_not_compacted(lake, matches):
    lake.write("matches", matches, ["league"])
    assert lake.compact("matches", PL) == 0
    assert "league=PL/part-b1.parquet" in lake.manifest("matches").files


def test_two_files_are_worth_compacting(lake, matches):
    lake.write("matches", matches)
    lake.write("matches", matches)
    assert lake.compact("matches", Partition()) == 2
    assert len(lake.read("matches")) == 6


def test_delete_removes_a_partition_and_says_how_much(lake, matches):
    lake.write("matches", matches, ["league"])
    assert lake.delete("matches", PL) == 2
    assert lake.partitions("matches") == [BL]
    assert files_below(lake.root / "matches") == ["_manifest.json", "league=BL/part-b1.parquet"]
    assert lake.delete("matches", PL) == 0


# --- recovery, on a fake file system ------------------------------------------------------------


@pytest.fixture
def crashed(fs, metrics, matches, monkeypatch):
    """A lake with one whole write; `crash(step)` starts a second write that dies at the step."""
    numbers = iter(range(1, 100))
    lake = DataLakeStorage("/lake", metrics, lambda: f"b{next(numbers)}")
    lake.write("matches", matches, ["league"])

    def crash(method: str) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(DataLakeStorage, method, _die)
            with pytest.raises(KeyboardInterrupt):
                lake.write("matches", matches.assign(match_id=[7, 8, 9]), ["league"])

    lake.crash = crash
    return lake


def _die(*_args):
    raise KeyboardInterrupt


def test_a_sound_dataset_is_left_alone(crashed):
    before = {name: Path("/lake", name).read_bytes() for name in files_below(Path("/lake"))}
    report = crashed.recover("matches")
    assert report == RecoveryReport()
    assert report.clean
    assert {name: Path("/lake", name).read_bytes() for name in before} == before


def test_a_crash_before_the_journal_leaves_orphans(crashed):
    crashed.crash("_commit")
    report = crashed.recover("matches")
    assert report.orphans == ("league=BL/part-b2.parquet.tmp", "league=PL/part-b2.parquet.tmp")
    assert (report.completed, report.rolled_back, report.clean) == ((), (), False)
    assert sorted(crashed.read("matches")["match_id"]) == [1, 2, 3]
    assert not [name for name in files_below(Path("/lake")) if name.endswith(".tmp")]


def test_a_crash_after_the_journal_is_completed(crashed, caplog):
    crashed.crash("_apply")
    assert sorted(crashed.read("matches")["match_id"]) == [1, 2, 3]
    report = crashed.recover("matches")
    assert (report.completed, report.orphans, report.clean) == (("b2",), (), False)
    assert sorted(crashed.read("matches")["match_id"]) == [1, 2, 3, 7, 8, 9]
    assert "recovered matches" in caplog.text
    assert crashed.recover("matches").clean


def test_a_crash_between_the_renames_is_completed(crashed, monkeypatch):
    real, done = os.replace, []

    def dies_at_the_second(source, target):
        if str(source).endswith(".parquet.tmp"):
            done.append(target)
            if len(done) == 2:
                raise KeyboardInterrupt
        real(source, target)

    frame = pd.DataFrame({"match_id": [7, 8], "league": ["PL", "BL"]})
    with monkeypatch.context() as patch:
        patch.setattr(data_lake_storage.os, "replace", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            crashed.write("matches", frame, ["league"])
    assert crashed.recover("matches").completed == ("b2",)
    assert sorted(crashed.read("matches")["match_id"]) == [1, 2, 3, 7, 8]


@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_a_write_that_cannot_be_completed_is_rolled_back(crashed, damage):
    crashed.crash("_apply")
    temporary = Path("/lake/matches/league=PL/part-b2.parquet.tmp")
    if damage == "missing":
        temporary.unlink()
    else:
        temporary.write_bytes(temporary.read_bytes()[:20])
    report = crashed.recover("matches")
    assert (report.completed, report.rolled_back, report.clean) == ((), ("b2",), False)
    assert sorted(crashed.read("matches")["match_id"]) == [1, 2, 3]
    assert not [name for name in files_below(Path("/lake")) if "b2" in name]


def test_files_of_a_rolled_back_write_go_even_if_renamed(crashed):
    crashed.crash("_apply")
    folder = Path("/lake/matches")
    os.replace(folder / "league=BL/part-b2.parquet.tmp", folder / "league=BL/part-b2.parquet")
    (folder / "league=PL/part-b2.parquet.tmp").unlink()
    assert crashed.recover("matches").rolled_back == ("b2",)
    assert not (folder / "league=BL/part-b2.parquet").exists()


def test_a_lost_file_is_taken_off_the_manifest(crashed):
    Path("/lake/matches/league=PL/part-b1.parquet").unlink()
    report = crashed.recover("matches")
    assert (report.lost, report.quarantined) == (("league=PL/part-b1.parquet",), ())
    assert not report.clean
    assert list(crashed.read("matches")["match_id"]) == [2]


def test_a_damaged_file_goes_into_quarantine(crashed):
    path = Path("/lake/matches/league=BL/part-b1.parquet")
    path.write_bytes(b"PAR1 not any more")
    report = crashed.recover("matches")
    assert (report.lost, report.quarantined) == ((), ("league=BL/part-b1.parquet",))
    assert not path.exists()
    kept = Path("/lake/matches/_quarantine/league=BL/part-b1.parquet")
    assert kept.read_bytes() == b"PAR1 not any more"
    assert sorted(crashed.read("matches")["match_id"]) == [1, 3]


def test_an_interrupted_compaction_does_not_repeat_rows(crashed, matches, monkeypatch):
    crashed.write("matches", matches.assign(match_id=[4, 5, 6]), ["league"])
    with monkeypatch.context() as patch:
        patch.setattr(DataLakeStorage, "_apply", _die)
        with pytest.raises(KeyboardInterrupt):
            crashed.compact("matches", PL)
    assert crashed.recover("matches").completed == ("b3",)
    assert sorted(crashed.read("matches")["match_id"]) == [1, 2, 3, 4, 5, 6]
    assert len(crashed.manifest("matches").files) == 3


def test_a_journal_that_is_no_journal_is_reported(crashed):
    Journal("b9", (FileEntry("a", 1, 1, "x"),)).save(Path("/lake/matches/_journal"))
    Path("/lake/matches/_journal/b9.json").write_text('{"batch": "b9"}')
    with pytest.raises(StorageError, match="b9.json is not a journal"):
        crashed.recover("matches")


def test_recovering_a_dataset_that_was_never_written(crashed):
    assert crashed.recover("odds").clean
    assert crashed.datasets() == ["matches"]


# --- the manifest -------------------------------------------------------------------------------


def test_a_manifest_comes_back_as_it_was_saved(tmp_path):
    manifest = Manifest()
    manifest.add([FIRST, SECOND])
    manifest.save(tmp_path / "data" / "manifest.json")
    assert Manifest.load(tmp_path / "data" / "manifest.json") == manifest
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["manifest.json"]


def test_without_a_file_there_is_an_empty_manifest(tmp_path):
    assert Manifest.load(tmp_path / "manifest.json").files == {}


def test_entries_are_replaced_and_removed_by_path():
    manifest = Manifest()
    manifest.add([FIRST, SECOND])
    manifest.add([FileEntry(FIRST.path, 20, 1, "cc")])
    assert manifest.rows == 25
    assert manifest.remove(["nowhere", SECOND.path]) == [SECOND]
    assert list(manifest.files) == [FIRST.path]


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "damaged"), ("[]", "not an object"), ('{"version": 9, "files": []}', "unknown version: 9")],
)
def test_damaged_manifests_are_refused(tmp_path, text, message):
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(StorageError, match=message):
        Manifest.load(path)


# --- partitions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ((), ""),
        ((("league", "PL"), ("season", "2025")), "league=PL/season=2025"),
        ((("team", "A/B = C"),), "team=A%2FB%20%3D%20C"),
        ((("team", "Köln"),), "team=K%C3%B6ln"),
    ],
)
def test_paths_go_there_and_back(values, path):
    assert Partition(values).path == path
    assert parse_path(path) == Partition(values)


@pytest.mark.parametrize("path", ["PL", "league=", "=PL", "league=PL/2025"])
def test_other_folders_are_no_partitions(path):
    with pytest.raises(StorageError, match="not a partition folder"):
        parse_path(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("PL", "PL"),
        (2025, "2025"),
        (2025.0, "2025"),
        (0.5, "0.5"),
        (None, NULL_VALUE),
        (float("nan"), NULL_VALUE),
        (pd.NaT, NULL_VALUE),
        (pd.Timestamp("2025-09-01"), "2025-09-01"),
        (pd.Timestamp("2025-09-01 14:30"), "2025-09-01T14:30:00"),
    ],
)
def test_values_as_text(value, text):
    assert encode_value(value) == text


def test_an_empty_text_is_refused():
    with pytest.raises(StorageError, match="empty text"):
        encode_value("")


def test_a_frame_is_split_in_the_order_of_the_paths():
    frame = pd.DataFrame({"league": ["PL", "BL", None, "PL"], "goals": [1, 2, 3, 4]})
    parts = [(part.path, list(rows["goals"])) for part, rows in split(frame, ["league"])]
    assert parts == [("league=BL", [2]), ("league=PL", [1, 4]), ("league=__null__", [3])]


def test_two_columns_make_two_levels():
    frame = pd.DataFrame({"league": ["PL", "PL"], "season": [2024, 2025]})
    paths = [part.path for part, _ in split(frame, ["league", "season"])]
    assert paths == ["league=PL/season=2024", "league=PL/season=2025"]
