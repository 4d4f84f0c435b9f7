"""The baseline: the committed snapshot of what is measured, how well, and by which tests.

Floors, scope and tests of it are what later measurements are held against. Nothing in it says when it was made: it
rests on the evidence alone, so that a second baseline of the same evidence is the same to the byte.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, TypeVar

import msgspec

from coverage_roadmap.core import floor
from coverage_roadmap.core.measurement import Count, Counts, Detail, FileTests, Name, Scope, Summary, total
from coverage_roadmap.errors import NotMetError

FORMAT = 0
"""The version of the baseline's JSON."""
FILE = "coverage-baseline.json"
"""Its name in the project's folder."""


class BaselineFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One measured file. Where `floor` is false it is new and has none yet: it answers to `dip-below`."""

    statements: Count = 0
    missing: Count = 0
    branches: Count = 0
    missing_branches: Count = 0
    excluded: Count = 0
    floor: bool = True

    def __post_init__(self) -> None:
        """Refuse counts that no measurement can give.

        Raises:
            ValueError: more is missing than there is.
        """
        Counts(self.statements, self.missing, self.excluded, self.branches, self.missing_branches)

    @property
    def counts(self) -> Counts:
        """What was measured: the floor, where it has one."""
        return Counts(self.statements, self.missing, self.excluded, self.branches, self.missing_branches)


def file_of(counts: Counts, *, held: bool = True) -> BaselineFile:
    """A file of the baseline, with a floor where it is `held`."""
    return BaselineFile(
        counts.statements, counts.missing, counts.branches, counts.missing_branches, counts.excluded, held
    )


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """The record that figures come from; after a merge there are several."""

    record: Name
    commit: Name
    started: Name
    python: Name
    coverage: Name
    phase: Name
    selection: Name


class Totals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sums over all files and tests."""

    counts: Counts = Counts()
    tests: FileTests = FileTests()
    pragmas: Count = 0
    """Comments that leave code out, such as `# pragma: no cover`."""


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it. All paths are relative to the project."""

    format: Annotated[int, msgspec.Meta(ge=0, le=FORMAT)]
    project: Name
    """The project's folder, relative to the git root; `.` at the root."""
    config: Name
    """The config file, relative to the git root."""
    scope: Scope
    totals: Totals
    evidence: tuple[Evidence, ...]
    files: dict[Name, BaselineFile]
    packages: dict[Name, Counts]
    """For each folder the sum of its files that have a floor."""
    pragmas: dict[Name, tuple[Count, ...]]
    """For each file with comments that leave code out, their lines."""
    unmeasured: tuple[Name, ...]
    """Python files below `source` that are not measured."""
    tests: dict[Name, FileTests]

    @property
    def floors(self) -> dict[str, Counts]:
        """The floors of the files that have one."""
        return {path: file.counts for path, file in self.files.items() if file.floor}


class Identity(msgspec.Struct, frozen=True):
    """Whose baseline it is."""

    project: str
    """The project's folder, relative to the git root; `.` at the root."""
    config: str
    """The config file, relative to the git root."""


class Sources(msgspec.Struct, frozen=True):
    """What is told by the sources at the evidence's commit, not by its record."""

    pragmas: Mapping[str, Sequence[int]] = msgspec.field(default_factory=dict)
    unmeasured: Collection[str] = ()


def make(
    evidence: Summary,
    detail: Detail,
    sources: Sources,
    identity: Identity,
    *,
    old: Baseline | None = None,
    renames: Mapping[str, str] | None = None,
    dip_below: Decimal = Decimal(50),
) -> Baseline:
    """Make the baseline of an evidence.

    In the first baseline every file has a floor, the present figure. In one that is made over an older, a file that is
    new there gets its floor from the first evidence in which it reaches `dip_below`: until then a floor would take a
    figure for granted that the dip still complains of.

    Args:
        evidence: the record's summary.
        detail: the record's files and tests.
        sources: what its sources tell.
        identity: whose it is.
        old: the baseline that it is made over.
        renames: from a file's old path to its new one, so that its floor goes with it.
        dip_below: percent.

    """
    before = renamed(old.files, renames or {}) if old else None
    made = {}
    for path, figures in detail.files.items():
        ratio = figures.counts.ratio
        known = before is None or (path in before and before[path].floor)
        made[path] = file_of(figures.counts, held=known or not ratio.is_below(dip_below))
    return whole(
        identity,
        evidence.scope,
        (_provenance(evidence),),
        made,
        {path: tuple(lines) for path, lines in sources.pragmas.items()},
        sources.unmeasured,
        detail.tests.files,
    )


def whole(
    identity: Identity,
    scope: Scope,
    evidence: Collection[Evidence],
    files: Mapping[str, BaselineFile],
    pragmas: Mapping[str, tuple[int, ...]],
    unmeasured: Collection[str],
    tests: Mapping[str, FileTests],
) -> Baseline:
    """Put a baseline together: everything sorted, packages and totals summed up anew."""
    words = {name: tuple(sorted(set(getattr(scope, name)))) for name in ("source", "include", "omit", "exclude")}
    files = dict(sorted(files.items()))
    pragmas = {path: lines for path, lines in sorted(pragmas.items()) if path in files}
    return Baseline(
        FORMAT,
        identity.project,
        identity.config,
        msgspec.structs.replace(scope, files=len(files), **words),
        totals_of(files, pragmas, tests),
        tuple(sorted(set(evidence))),
        files,
        floor.packages({path: file.counts for path, file in files.items() if file.floor}),
        pragmas,
        tuple(sorted(set(unmeasured) - files.keys())),
        dict(sorted(tests.items())),
    )


def totals_of(
    files: Mapping[str, BaselineFile], pragmas: Mapping[str, Sequence[int]], tests: Mapping[str, FileTests]
) -> Totals:
    """The sums."""
    return Totals(
        total(file.counts for file in files.values()),
        FileTests(*(sum(getattr(t, name) for t in tests.values()) for name in FileTests.__struct_fields__)),
        sum(map(len, pragmas.values())),
    )


T = TypeVar("T")


def renamed(entries: Mapping[str, T], renames: Mapping[str, str]) -> dict[str, T]:
    """Entries by path, those of files that were renamed under their new path."""
    return {renames.get(path, path): entry for path, entry in entries.items()}


def _provenance(record: Summary) -> Evidence:
    where = record.provenance
    return Evidence(
        record.id,
        where.commit or "",
        where.started,
        where.leg.python,
        where.versions.get("coverage", ""),
        record.phase,
        record.selection,
    )


def departures(baseline: Baseline, given: Mapping[str, Counts]) -> list[str]:
    """The files of which a baseline of one record holds something else than the record gives.

    Args:
        baseline: the one that lies there.
        given: the record's counts, by file.
    """
    held = {path: file.counts for path, file in baseline.files.items()}
    return sorted(path for path in given.keys() | held.keys() if given.get(path) != held.get(path))


def refuse_other(baseline: Baseline, identity: Identity, existing: Collection[str]) -> None:
    """Refuse the baseline of another project.

    Args:
        baseline: the one that lies there.
        identity: whose it should be.
        existing: the project's files. Where it holds not one of those that the baseline measured, it is another's.

    Raises:
        NotMetError: it is another's.
    """
    theirs = (baseline.project, baseline.config)
    if theirs != (identity.project, identity.config):
        what = f"is of another project: {theirs[0]} by {theirs[1]}, not {identity.project} by {identity.config}"
    elif baseline.files and set(existing).isdisjoint(baseline.files):
        what = f"is of another project: none of its {len(baseline.files)} files is in this one"
    else:
        return
    raise NotMetError(what, where=FILE, next_step="delete it, commit that, and make this project's: invoke baseline")
