"""Hive-style partitions: `league=PL/season=2025`, made from column values and read back.

Values are percent-encoded, so that a club called `A/B` cannot make a folder of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

import pandas as pd

from src.core.exceptions import StorageError

NULL_VALUE = "__null__"


@dataclass(frozen=True)
class Partition:
    """Column names with their values, in the order of the folders."""

    values: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """The relative folder, `""` for data that is not partitioned."""
        return "/".join(f"{name}={quote(value, safe='')}" for name, value in self.values)

    def matches(self, filters: Mapping[str, object]) -> bool:
        """Whether the partition can hold rows that the filters want.

        A filter is one value or a collection of them; a column that is no part of the partition
        does not rule it out.
        """
        own = dict(self.values)
        for name, wanted in filters.items():
            if name not in own:
                continue
            choices = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
            if own[name] not in {encode_value(choice) for choice in choices}:
                return False
        return True


def encode_value(value: object) -> str:
    """The text by which a value is known in a path."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return NULL_VALUE
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    if not text:
        raise StorageError("an empty text cannot be a partition value")
    return text


def parse_path(path: str) -> Partition:
    """The partition that a relative folder stands for."""
    values = []
    for part in filter(None, path.split("/")):
        name, equals, value = part.partition("=")
        if not equals or not name or not value:
            raise StorageError(f"not a partition folder: {part!r}", path=path)
        values.append((name, unquote(value)))
    return Partition(tuple(values))


def split(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Partition, pd.DataFrame]]:
    """The frame's rows by partition, in the order of the partitions' paths."""
    absent = [name for name in columns if name not in frame.columns]
    if absent:
        raise StorageError(f"partition columns are missing: {', '.join(absent)}", columns=absent)
    if not columns:
        yield Partition(), frame
        return
    keys = [frame[name].map(encode_value, na_action=None) for name in columns]
    groups = {}
    for key, rows in frame.groupby(keys, sort=False):
        groups[Partition(tuple(zip(columns, key, strict=True)))] = rows
    for partition in sorted(groups, key=lambda item: item.path):
        yield partition, groups[partition]
