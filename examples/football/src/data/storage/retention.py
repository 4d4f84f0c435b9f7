"""Which partitions are old enough to go, and which have so many small files that they should merge."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from src.core.exceptions import StorageError
from src.data.storage.manifest import FileEntry
from src.data.storage.partitioning import Partition, parse_path


@dataclass(frozen=True)
class RetentionPolicy:
    """Keep `days` of a dataset that is partitioned by a date column."""

    column: str
    days: int

    def __post_init__(self) -> None:
        if self.days < 1:
            raise StorageError("retention must keep at least one day", days=self.days)

    def expired(self, partitions: Iterable[Partition], today: date) -> list[Partition]:
        """The partitions whose date is further back than the policy keeps.

        A partition without the column, or with a value that is no date, is never expired.
        """
        oldest = today - timedelta(days=self.days)
        found = []
        for partition in partitions:
            day = self._day(partition)
            if day is not None and day < oldest:
                found.append(partition)
        return found

    def _day(self, partition: Partition) -> date | None:
        text = dict(partition.values).get(self.column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            return None


def fragmented(entries: Iterable[FileEntry], min_files: int = 4, small_bytes: int = 1_000_000) -> list[Partition]:
    """The partitions with at least `min_files` files below `small_bytes`, the worst first."""
    small: dict[str, int] = defaultdict(int)
    for entry in entries:
        if entry.size < small_bytes:
            small[str(PurePosixPath(entry.path).parent)] += 1
    worst = sorted(small.items(), key=lambda item: (-item[1], item[0]))
    return [parse_path("" if path == "." else path) for path, count in worst if count >= min_files]
