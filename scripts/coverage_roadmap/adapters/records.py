"""All records that can be had: those of the project's cache, and those of the history branch, joined by their ids.

They are read as far as they are asked for, from the newest: a history grows for years, and most commands need its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from coverage_roadmap.adapters import git, history, store
from coverage_roadmap.core.history import SUMMARY, Blobs, base_of, month_of, phase_of
from coverage_roadmap.core.lazily import Lazily
from coverage_roadmap.core.measurement import Detail, FileFigures, Summary
from coverage_roadmap.errors import RecordError, ToolError

_BATCH = 16
"""So many are read at once at first; each further time twice as many."""
_LARGEST_BATCH = 256
_LEFT = "leave it, since it is passed over; or take it off the branch"
_LARGEST_SUMMARY = 2**22
"""Of another machine; with thousands of failures it is no larger. Bytes."""


class Records(Struct, frozen=True):
    """Records, newest first, with what is wrong with those that cannot be read."""

    cache: store.Store
    where: tuple[git.Repository, str] | None
    """The repository and its history branch; None outside of git."""
    own: dict[str, Summary]
    """The cache's, by id."""
    unreadable: list[RecordError] = field(default_factory=list)
    """Grows as the history is read."""
    read: dict[str, Summary | None] = field(default_factory=dict)
    """What was read of the history, by id; None where it cannot be read."""
    listed: dict[str, dict[str, Blobs]] = field(default_factory=dict)
    """What was listed of the history, by month."""
    found: list[history.History] = field(default_factory=list)
    """The history, once it was looked for."""

    @property
    def history(self) -> history.History | None:
        """The history, which is looked for when it is first asked for; None outside of git."""
        if self.where and not self.found:
            self.found.append(history.find(*self.where))
        return self.found[0] if self.found else None

    @property
    def notes(self) -> list[str]:
        """What is to be said of what was read so far, one line each."""
        foreign = [f"{name} is no coverage history, and is left out" for found in self.found for name in found.foreign]
        return [*foreign, *(error.line for error in self.unreadable)]

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.cache.project

    @property
    def has_history(self) -> bool:
        """Whether there is any record on a history branch."""
        return any(self._month(month) for month in (self.history.months if self.history else ()))

    def in_history(self, record_id: str) -> bool:
        """Whether a record is on a history branch, as far as the branch was there when it was looked for."""
        return record_id in self._month(month_of(record_id))

    def with_new(self, summary: Summary) -> Records:
        """These and one more."""
        return replace(self, own={**self.own, summary.id: summary})

    def ids(self) -> Iterator[str]:
        """The ids of all records, newest first."""
        months = {*(self.history.months if self.history else ()), *map(month_of, self.own)}
        for month in sorted(months, reverse=True):
            own = (record_id for record_id in self.own if month_of(record_id) == month)
            yield from sorted({*self._month(month), *own}, reverse=True)

    def of(self, phase: str) -> Iterable[Summary]:
        """A phase's records, newest first; read as far as they are walked, each time anew from the newest."""
        return Lazily(lambda: self.summaries(record_id for record_id in self.ids() if phase_of(record_id) == phase))

    def all(self) -> Iterable[Summary]:
        """Every phase's records, newest first; read as far as they are walked."""
        return Lazily(lambda: self.summaries(self.ids()))

    def named(self, start: str) -> list[Summary]:
        """The records whose ids begin so, newest first."""
        return list(self.summaries(record_id for record_id in self.ids() if start and record_id.startswith(start)))

    def summaries(self, ids: Iterable[str]) -> Iterator[Summary]:
        """The records of these ids, in their order, less those that cannot be read."""
        size, waiting = _BATCH, iter(ids)
        while batch := [record_id for _, record_id in zip(range(size), waiting, strict=False)]:
            self._read([record_id for record_id in batch if record_id not in self.own and record_id not in self.read])
            for record_id in batch:
                if found := self.own.get(record_id) or self.read.get(record_id):
                    yield found
            size = min(2 * size, _LARGEST_BATCH)

    def files(self, summary: Summary) -> dict[str, FileFigures] | None:
        """The files of a record; None where they cannot be had."""
        detail = self.detail(summary)
        return detail.files if detail else None

    def detail(self, summary: Summary) -> Detail | None:
        """The files and tests of a record; None where they cannot be had."""
        try:
            return self.cache.detail(summary.id)
        except RecordError:
            blob = self._month(month_of(summary.id)).get(summary.id, Blobs()).detail
            if blob is None or self.history is None:
                return None
        try:
            (content,) = _contents(self.history.repository, [blob], store.LARGEST)
            return store.decode(content, Detail, f"{self.history.branch}:{summary.id}")
        except (RecordError, ToolError):
            return None

    def _month(self, month: str) -> dict[str, Blobs]:
        if month not in self.listed:
            self.listed[month] = self.history.records(month) if self.history else {}
        return self.listed[month]

    def _read(self, ids: list[str]) -> None:
        """Read records of the history."""
        if not ids or self.history is None:
            return
        kept = self.history
        blobs = [self._month(month_of(record_id)).get(record_id, Blobs()).summary or "" for record_id in ids]
        contents = _contents(kept.repository, blobs, _LARGEST_SUMMARY)
        for record_id, content in zip(ids, contents, strict=True):
            self.read[record_id] = None
            path = f"{kept.branch}:{base_of(kept.repository.prefix, record_id)}{SUMMARY}"
            try:
                self.read[record_id] = _summary(content, record_id, path) if content else _lost(path)
            except RecordError as error:
                self.unreadable.append(error)


def _lost(where: str) -> Summary:
    """Refuse a record that is not there, or not to be read.

    Raises:
        RecordError: always.
    """
    raise RecordError(
        f"is missing, empty, or larger than {_LARGEST_SUMMARY // 2**20} MiB", where=where, next_step=_LEFT
    )


def _summary(content: bytes, record_id: str, where: str) -> Summary:
    """A record of the history, which another machine may have written.

    Raises:
        RecordError: it cannot be read, or is another one than its name says.
    """
    summary = store.decode(content, Summary, where, next_step=_LEFT)
    if (summary.id, summary.phase) != (record_id, phase_of(record_id)):
        raise RecordError(f"holds the record {summary.id} of {summary.phase}", where=where, next_step=_LEFT)
    return summary


def _contents(repository: git.Repository, blobs: list[str], largest: int) -> list[bytes]:
    """The contents of blobs; nothing for one that is larger than its kind is. Bytes."""
    sizes = git.blob_sizes(repository, blobs)
    fitting = [blob for blob, size in zip(blobs, sizes, strict=True) if 0 < size <= largest]
    found = dict(zip(fitting, git.read_blobs(repository, fitting), strict=True))
    return [found.get(blob, b"") for blob in blobs]


def read(cache: store.Store, repository: git.Repository | None, branch: str) -> Records:
    """Read the cache's records; the history's are read as far as they are asked for."""
    own, unreadable = cache.summaries()
    where = (repository, branch) if repository else None
    return Records(cache, where, {summary.id: summary for summary in own}, unreadable)
