"""The data lake: datasets of partitioned parquet files that survive a crash in mid-write.

A write goes through four steps: new files under temporary names, a journal that names them, the
renames, and the manifest. Before the journal a crash leaves only orphans; after it the write can be
completed. `recover` does either. Readers look at the manifest alone and so see whole writes.
"""

import os
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from src.core.exceptions import StorageError
from src.core.logger import get_logger
from src.data.storage.manifest import FileEntry, Journal, Manifest, checksum
from src.data.storage.partitioning import Partition, parse_path, split
from src.monitoring.metrics import ServiceMetrics, get_metrics

logger = get_logger(__name__)

MANIFEST_NAME = "_manifest.json"
JOURNAL_FOLDER = "_journal"
QUARANTINE_FOLDER = "_quarantine"
TEMPORARY_SUFFIX = ".tmp"
DATASET_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class WriteResult:
    """What a write brought into the lake."""

    dataset: str
    batch: str
    rows: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class RecoveryReport:
    """What a recovery found: batches by their fate, and files by what was wrong with them."""

    completed: tuple[str, ...] = ()
    rolled_back: tuple[str, ...] = ()
    orphans: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    quarantined: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether there was nothing to repair."""
        return not any((self.completed, self.rolled_back, self.orphans, self.lost, self.quarantined))


def new_batch() -> str:
    """A name that no other batch has."""
    return uuid.uuid4().hex[:12]


class DataLakeStorage:
    """Reads and writes the datasets below one folder. One writer for a dataset at a time."""

    def __init__(
        self,
        root: Path | str,
        metrics: ServiceMetrics | None = None,
        batch_names: Callable[[], str] = new_batch,
    ) -> None:
        self.root = Path(root)
        self._metrics = metrics or get_metrics()
        self._batch_names = batch_names

    def datasets(self) -> list[str]:
        """The names of all datasets that have a manifest."""
        return sorted(path.parent.name for path in self.root.glob(f"*/{MANIFEST_NAME}"))

    def partitions(self, dataset: str) -> list[Partition]:
        """The partitions that hold live files, in the order of their paths."""
        folders = {str(Path(path).parent) for path in self.manifest(dataset).files}
        return [parse_path("" if path == "." else path) for path in sorted(folders)]

    def manifest(self, dataset: str) -> Manifest:
        """The dataset's present manifest."""
        return Manifest.load(self._folder(dataset) / MANIFEST_NAME)

    def write(self, dataset: str, frame: pd.DataFrame, partition_by: Sequence[str] = ()) -> WriteResult:
        """Append the frame, one file for each partition that it touches; all or nothing."""
        batch = self._batch_names()
        if frame.empty:
            return WriteResult(dataset, batch, 0, ())
        entries = self._stage(dataset, batch, split(frame, partition_by))
        self._commit(dataset, Journal(batch, tuple(entries)))
        self._metrics.lake_rows.labels(dataset=dataset).inc(len(frame))
        logger.info("wrote %d rows in %d files to %s", len(frame), len(entries), dataset)
        return WriteResult(dataset, batch, len(frame), tuple(entry.path for entry in entries))

    def read(
        self,
        dataset: str,
        filters: Mapping[str, object] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """The live rows of the partitions that match; an empty frame where none do.

        Filters pick partitions by their folder. Rows come back in the order of the files' paths.
        """
        wanted = [
            entry
            for path, entry in sorted(self.manifest(dataset).files.items())
            if self._partition_of(path).matches(filters or {})
        ]
        tables = [self._read_file(dataset, entry, columns) for entry in wanted]
        if not tables:
            return pd.DataFrame(columns=list(columns or []))
        return pa.concat_tables(tables, promote_options="permissive").to_pandas()

    def compact(self, dataset: str, partition: Partition) -> int:
        """Merge the partition's files into one; returns how many were replaced."""
        old = [path for path in self.manifest(dataset).files if self._partition_of(path) == partition]
        if len(old) < 2:
            return 0
        entries = [self.manifest(dataset).files[path] for path in sorted(old)]
        tables = [self._read_file(dataset, entry, None) for entry in entries]
        merged = pa.concat_tables(tables, promote_options="permissive").to_pandas()
        batch = self._batch_names()
        added = self._stage(dataset, batch, [(partition, merged)])
        self._commit(dataset, Journal(batch, tuple(added), tuple(sorted(old))))
        return len(old)

    def delete(self, dataset: str, partition: Partition) -> int:
        """Remove the partition's live files; returns how many rows they held."""
        files = self.manifest(dataset).files
        old = sorted(path for path in files if self._partition_of(path) == partition)
        if not old:
            return 0
        self._commit(dataset, Journal(self._batch_names(), (), tuple(old)))
        return sum(files[path].rows for path in old)

    def recover(self, dataset: str) -> RecoveryReport:
        """Bring the dataset back to whole writes after a crash; safe to run at any time."""
        folder = self._folder(dataset)
        completed, rolled_back = [], []
        for path in sorted((folder / JOURNAL_FOLDER).glob("*.json")):
            journal = Journal.load(path)
            if self._can_complete(folder, journal):
                self._apply(dataset, journal)
                completed.append(journal.batch)
            else:
                self._roll_back(folder, journal)
                rolled_back.append(journal.batch)
            path.unlink()
        orphans = self._remove_orphans(folder)
        lost, quarantined = self._check_files(dataset)
        report = RecoveryReport(tuple(completed), tuple(rolled_back), tuple(orphans), tuple(lost), tuple(quarantined))
        if not report.clean:
            logger.warning("recovered %s: %s", dataset, report)
        return report

    def _folder(self, dataset: str) -> Path:
        if not DATASET_NAME.fullmatch(dataset):
            raise StorageError(f"not a dataset name: {dataset!r}", dataset=dataset)
        return self.root / dataset

    @staticmethod
    def _partition_of(path: str) -> Partition:
        folder, _, _ = path.rpartition("/")
        return parse_path(folder)

    def _stage(self, dataset: str, batch: str, parts: Iterable[tuple[Partition, pd.DataFrame]]) -> list[FileEntry]:
        """Write each part under its temporary name; on an error none of them stays."""
        folder = self._folder(dataset)
        staged: list[Path] = []
        entries = []
        try:
            for partition, rows in parts:
                name = "/".join(filter(None, (partition.path, f"part-{batch}.parquet")))
                temporary = folder / (name + TEMPORARY_SUFFIX)
                temporary.parent.mkdir(parents=True, exist_ok=True)
                staged.append(temporary)
                self._write_file(temporary, rows)
                size = temporary.stat().st_size
                entries.append(FileEntry(name, len(rows), size, checksum(temporary)))
        except (OSError, pa.ArrowException) as error:
            for temporary in staged:
                temporary.unlink(missing_ok=True)
            raise StorageError(f"cannot write {dataset}: {error}", dataset=dataset) from error
        return entries

    @staticmethod
    def _write_file(path: Path, rows: pd.DataFrame) -> None:
        table = pa.Table.from_pandas(rows, preserve_index=False)
        with path.open("wb") as stream:
            pq.write_table(table, stream)
            stream.flush()
            os.fsync(stream.fileno())

    def _read_file(self, dataset: str, entry: FileEntry, columns: Sequence[str] | None) -> pa.Table:
        path = self._folder(dataset) / entry.path
        try:
            with path.open("rb") as stream:
                return pq.read_table(stream, columns=list(columns) if columns else None)
        except (OSError, pa.ArrowException) as error:
            raise StorageError(f"cannot read {path}: {error}", dataset=dataset) from error

    def _commit(self, dataset: str, journal: Journal) -> None:
        path = journal.save(self._folder(dataset) / JOURNAL_FOLDER)
        self._apply(dataset, journal)
        path.unlink()

    def _apply(self, dataset: str, journal: Journal) -> None:
        """Do what the journal says; every step may have been done before."""
        folder = self._folder(dataset)
        for entry in journal.added:
            temporary = folder / (entry.path + TEMPORARY_SUFFIX)
            if temporary.exists():
                os.replace(temporary, folder / entry.path)
        manifest = self.manifest(dataset)
        manifest.remove(journal.removed)
        manifest.add(journal.added)
        manifest.save(folder / MANIFEST_NAME)
        for path in journal.removed:
            (folder / path).unlink(missing_ok=True)
        self._metrics.lake_files.labels(dataset=dataset).set(len(manifest.files))

    @staticmethod
    def _can_complete(folder: Path, journal: Journal) -> bool:
        """Whether every new file is there, whole, under its temporary or its final name."""
        for entry in journal.added:
            temporary = folder / (entry.path + TEMPORARY_SUFFIX)
            path = temporary if temporary.exists() else folder / entry.path
            if not path.exists() or checksum(path) != entry.checksum:
                return False
        return True

    @staticmethod
    def _roll_back(folder: Path, journal: Journal) -> None:
        for entry in journal.added:
            (folder / (entry.path + TEMPORARY_SUFFIX)).unlink(missing_ok=True)
            (folder / entry.path).unlink(missing_ok=True)

    @staticmethod
    def _remove_orphans(folder: Path) -> list[str]:
        orphans = sorted(folder.rglob(f"*.parquet{TEMPORARY_SUFFIX}"))
        for path in orphans:
            path.unlink()
        return [path.relative_to(folder).as_posix() for path in orphans]

    def _check_files(self, dataset: str) -> tuple[list[str], list[str]]:
        """Drop entries without a file, and move files that do not hold what they should."""
        folder = self._folder(dataset)
        manifest = self.manifest(dataset)
        lost, damaged = [], []
        for name, entry in manifest.files.items():
            path = folder / name
            if not path.exists():
                lost.append(name)
            elif checksum(path) != entry.checksum:
                damaged.append(name)
                target = folder / QUARANTINE_FOLDER / name
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, target)
        if lost or damaged:
            manifest.remove(lost + damaged)
            manifest.save(folder / MANIFEST_NAME)
        return lost, damaged
