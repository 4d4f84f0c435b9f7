"""The two sides of a diff: what `--from` and `--to` name, and what is known of the way from one to the other."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field

from coverage_roadmap.adapters import coverage_json, git, git_diff, measured_tree
from coverage_roadmap.adapters.config_file import Located
from coverage_roadmap.commands import evidence
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.here import Here, look_by, only_record
from coverage_roadmap.core import age, lines
from coverage_roadmap.core.comparison import Side
from coverage_roadmap.core.lineage import Lineage, between
from coverage_roadmap.core.measurement import FileFigures, Summary
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.roadmap import Phase
from coverage_roadmap.errors import NotMetError, RecordError, UsageError

WEEK = "7d"
_ID = regex(r"([0-9]{1,8})|(?:.*/)?([0-9]{8}T[^/]*)/?", re.ASCII | re.DOTALL)
"""The beginning of a record's id; a report names the record with its folder."""
_NAMED_DIRTY = 50
"""A record names so many files that were not as committed, and no more."""


class Pair(Struct, frozen=True):
    """Both sides."""

    before: Side
    after: Side
    alike: Set[str]
    """Files that are the same in both."""
    lineage: Lineage | None = None
    notes: Sequence[str] = ()


def pair(context: Context, located: Located, from_: str, to: str, phase: str) -> Pair:
    """Find both sides and read them. Of two coverage.json files nothing else is looked for.

    Raises:
        UsageError: what is named is no file, age, past date, record or revision, or fits several records.
        NotMetError: no record fits.
        RecordError: what is named cannot be read.
    """
    old_path, new_path = _file(context, from_), _file(context, to)
    if old_path and new_path:
        old = coverage_json.read(old_path, from_)
        new = coverage_json.read(new_path, to, old)
        return Pair(old.side(), new.side(), new.alike)
    here = look_by(located)
    search = _Search(here, here.phase(phase), context.clock.now())
    before = _reported(old_path, from_) if old_path else search.opened(from_ or WEEK, "--from")
    after = _reported(new_path, to) if new_path else search.opened(to, "--to")
    return _joined(search, before, after)


def of_records(here: Here, before: Summary, after: Summary, now: datetime) -> Pair:
    """Read two records of the current phase as sides.

    Raises:
        RecordError: one of them cannot be read.
    """
    search = _Search(here, here.roadmap.current, now)
    return _joined(search, search.side(before), search.side(after))


def _joined(search: _Search, before: _Opened, after: _Opened) -> Pair:
    lineage = search.lineage(before.record, after.record)
    alike = {
        path
        for path, one in before.figures.items()
        if after.figures.get(path) == one and (lineage is None or lineage.settled(path))
    }
    return Pair(before.side, after.side, alike, lineage, search.notes)


def _file(context: Context, named: str) -> Path | None:
    path = context.folder / named
    return path if named and os.path.isfile(path) else None  # noqa: PTH113 - unlike pathlib's, it takes any length


class _Opened(Struct, frozen=True):
    """A side with the record that it is; without one, a coverage.json."""

    side: Side
    record: Summary | None = None
    figures: Mapping[str, FileFigures] = field(default_factory=dict)


def _reported(path: Path, named: str) -> _Opened:
    return _Opened(coverage_json.read(path, named).side())


class _Search(Struct, frozen=True):
    """Finds records."""

    here: Here
    phase: Phase
    now: datetime
    notes: list[str] = field(default_factory=list)
    """What is to be said of those that were found."""

    def opened(self, named: str, option: str) -> _Opened:
        return self.side(self._record(named, option))

    def side(self, record: Summary) -> _Opened:
        detail = self.here.detail(record)
        if detail is None:
            raise RecordError("its per-file part cannot be read", where=record.id, next_step="name another record")
        if datetime.fromisoformat(record.provenance.started) > self.now:
            self.notes.append(f"{record.id} lies in the future: a clock went back, or is wrong")
        figures = detail.files
        side = Side(
            record.id,
            {name: file.counts for name, file in figures.items()},
            record.scope.branch,
            lambda name: lines.of_figures(figures[name]),
            record.selection,
            record.provenance.leg.python,
            record.kind,
            record.scope,
            record.provenance.versions.get("coverage", ""),
        )
        return _Opened(side, record, figures)

    def _record(self, named: str, option: str) -> Summary:
        if not named:
            return self._newest()
        if told := _ID.fullmatch(named):
            begins = told[1] or told[2]
            if found := only_record(self.here, begins, f"{option} {named}"):
                return found
        if not named.isdecimal():  # a commit's hash may be all digits
            with contextlib.suppress(ValueError):
                return self._as_old(age.moment(named, self.now), named)
        repository = self.here.repository
        commit = git.resolve(repository.project, named) if repository else None
        if repository is None or commit is None:
            raise UsageError(
                "is neither a file, an age, a past date, a record nor a revision",
                where=f"{option} {named}",
                next_step="name a coverage.json, an age such as 7d, a date such as 2026-11-19, a record's id as in "
                "the reports, or a commit",
            )
        return self._of_commit(repository, commit, named)

    def _own(self) -> Iterator[Summary]:
        """The phase's full records of the canonical leg, newest first."""
        own = evidence.of_own_selection(self.here.roadmap, self.phase, self.here.records)
        return (one for one in own if one.whole)

    def _evidence(self) -> Iterator[Summary]:
        """The phase's evidence, newest first; without any its full records of the canonical leg, and it is said."""
        others: list[Summary] = []
        any_evidence = False
        for one in self._own():
            if one.evidence:
                any_evidence = True
                yield one
            elif not any_evidence:
                others.append(one)
        if others and not any_evidence:
            note = f"no record of {self.phase.name} is evidence: {others[0].why_no_evidence}"
            if note not in self.notes:  # both sides ask
                self.notes.append(note)
            yield from others

    def _newest(self) -> Summary:
        if newest := next(self._evidence(), None):
            return newest
        raise self._none()

    def _none(self) -> NotMetError:
        return NotMetError(
            f"no full record of {self.phase.name} on the canonical leg",
            next_step=f"nox -s {self.phase.name}, or name another phase with --phase",
        )

    def _as_old(self, moment: datetime, named: str) -> Summary:
        """The newest from before a moment; the oldest one, and it is said, where none is."""
        oldest = None
        for oldest in self._evidence():
            if datetime.fromisoformat(oldest.provenance.started) <= moment:
                return oldest
        if oldest is None:
            raise self._none()
        self.notes.append(f"no record is as old as {named}: {oldest.id} is the oldest")
        return oldest

    def _of_commit(self, repository: git.Repository, commit: str, named: str) -> Summary:
        """The newest that measured what is committed there; else one of that commit that says why it did not."""
        tree = measured_tree.at(self.here.roadmap, repository, commit)
        beside = None
        for record in self._own():
            if record.evidence and (record.tree == tree or record.provenance.commit == commit):
                return record
            if record.provenance.commit == commit:
                beside = beside or record
        if beside is None:
            raise NotMetError(
                f"no full record of {self.phase.name} on the canonical leg measured {commit[:12]}",
                where=named,
                next_step=f"check it out and run nox -s {self.phase.name}, or name an age such as 7d",
            )
        self.notes.append(f"{beside.id}: {beside.why_no_evidence}")
        return beside

    def lineage(self, before: Summary | None, after: Summary | None) -> Lineage | None:
        """What git says of the two commits; None where a side has none, or this clone has it not."""
        repository = self.here.repository
        if before is None or after is None or repository is None:
            return None
        records = (before, after)
        commits = [one.provenance.commit for one in records if one.provenance.commit]
        known = [commit for commit in commits if git.resolve(repository.project, commit)]
        if len(known) < len(records):
            lost = "; this clone is shallow: git fetch --unshallow" if git.is_shallow(repository) else ""
            self.notes.append(f"a commit is not known in this clone, so that lines are not followed{lost}")
            return None
        if any(len(one.provenance.dirty) >= _NAMED_DIRTY for one in records):
            self.notes.append("too many files were not as committed, so that lines are not followed")
            return None
        return between(git_diff.between(repository, *known), {p for one in records for p in one.provenance.dirty})
