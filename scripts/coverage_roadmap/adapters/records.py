"""All records that can be had: those of the project's cache, and those of the history branch, joined by their ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from coverage_roadmap.adapters import git, history, store
from coverage_roadmap.core.measurement import Detail, FileFigures, Summary
from coverage_roadmap.errors import RecordError, ToolError


@dataclass(frozen=True, slots=True)
class Records:
    """Summaries, newest first, with what is wrong with those that cannot be read."""

    cache: store.Store
    repository: git.Repository | None
    branch: str
    summaries: tuple[Summary, ...]
    unreadable: tuple[RecordError, ...] = ()
    in_history: dict[str, str] = field(default_factory=dict)
    """Ids on the history branch, with the blob of their per-file part."""

    @property
    def project(self) -> Path:
        """The project's folder."""
        return self.cache.project

    def with_new(self, summary: Summary) -> Records:
        """These and one more."""
        joined = (summary, *(s for s in self.summaries if s.id != summary.id))
        return Records(self.cache, self.repository, self.branch, joined, self.unreadable, self.in_history)

    def files(self, summary: Summary) -> dict[str, FileFigures] | None:
        """The files of a record; None where they cannot be had."""
        detail = self.detail(summary)
        return detail.files if detail else None

    def detail(self, summary: Summary) -> Detail | None:
        """The files and tests of a record; None where they cannot be had."""
        try:
            return self.cache.detail(summary.id)
        except RecordError:
            blob = self.in_history.get(summary.id)
            if blob is None or self.repository is None:
                return None
        try:
            content = git.read_blobs(self.repository, [blob])[0]
            return store.decode(content, Detail, f"{self.branch}:{summary.id}")
        except (RecordError, ToolError):
            return None


def read(cache: store.Store, repository: git.Repository | None, branch: str) -> Records:
    """Read the cache's records and the history's."""
    own, unreadable = cache.summaries()
    kept, details, bad = history.read(repository, branch) if repository else ([], {}, [])
    joined = {summary.id: summary for summary in [*kept, *own]}
    newest_first = sorted(joined.values(), key=lambda s: s.provenance.started, reverse=True)
    return Records(cache, repository, branch, tuple(newest_first), (*unreadable, *bad), details)
