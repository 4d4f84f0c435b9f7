"""`baseline`: writes the committed baseline from the evidence, or joins those of two branches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from pathlib import Path
from shlex import quote
from typing import Annotated, NamedTuple

from msgspec import Struct

from coverage_roadmap.adapters import baseline_file, files, git, git_diff
from coverage_roadmap.commands import evidence, surveying
from coverage_roadmap.commands.context import Context
from coverage_roadmap.commands.evidence import AtHead
from coverage_roadmap.commands.here import Here, look
from coverage_roadmap.commands.hiding import hidden_now
from coverage_roadmap.core import pragma, waiver
from coverage_roadmap.core.baseline import FILE, Baseline, Sources, make, refuse_other
from coverage_roadmap.core.baseline_merge import merge as merged
from coverage_roadmap.core.baseline_text import decode, encode
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.core.loosening import Loosening
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.selection import is_within
from coverage_roadmap.core.snapshot import Snapshot, snapshot
from coverage_roadmap.core.text import plain
from coverage_roadmap.core.tightening import tighten
from coverage_roadmap.errors import ExitCode, NotMetError

_LOOKED_AT = 200
"""So many of the newest records tell which tests are flaky."""
_NAMED = 20
"""So many loosenings are named in a refusal."""


class Sides(NamedTuple):
    """The three files that git hands to a merge driver."""

    base: str
    ours: str
    theirs: str


_NO_MERGE = Sides("", "", "")


class Baselined(Struct, frozen=True):
    """The baseline, the edit that writes it, and whether it was written; with the snapshot of week 0."""

    baseline: Baseline
    edit: Edit
    applied: bool
    snapshot: Snapshot | None = None
    """None after a merge."""
    exit_code: ExitCode = ExitCode.DONE


def baseline(
    context: Context,
    *,
    dry_run: Annotated[bool, "show the edit, write nothing"] = False,
    merge: Annotated[Sides, "join two branches' baselines into OURS, as git's merge driver"] = _NO_MERGE,
) -> Baselined:
    """Write the baseline, which only tightens; print week 0's snapshot as Markdown.

    Example: invoke baseline --dry-run
    """
    if merge is not _NO_MERGE:
        return _merge(context.folder, merge, dry_run)
    here = look(context)
    found = evidence.at_head(here)
    there = git.blobs_at(found.repository, found.commit, ["."])
    identity = baseline_file.identity(here.located, found.repository)
    renames = git_diff.renames_since(found.repository, FILE)
    present = baseline_file.present(here.located.project)
    old = baseline_file.committed(found.repository)
    for one in (old, decode(present, FILE) if present is not None else None):
        if one:
            refuse_other(one, identity, {*there, *renames})
    dip = here.roadmap.dip_below
    sources = _sources(here, found, there)
    new = make(found.summary, found.detail, sources, identity, old=old, renames=renames, dip_below=dip)
    if old:
        today = context.clock.now().date()
        waivers = waiver.permitting(here.roadmap.waivers, hidden_now(context, here, here.roadmap.waivers))
        _refuse(tighten(old, new, waivers, today, renames=renames, existing=there.keys()))
    data = encode(new)
    if not dry_run and data != present:
        baseline_file.write(files.destination(here.located.project / FILE, FILE, here.top), data)
    edit = Edit(FILE, (present or b"").decode(), data.decode(), ())
    return Baselined(new, edit, not dry_run, _snapshot(here, found))


def _merge(folder: Path, sides: Sides, dry_run: bool) -> Baselined:
    base, ours, theirs = (baseline_file.side(folder / path, f"--merge: {path}") for path in sides)
    if ours is None or theirs is None:
        raise NotMetError("is empty on one side", where=FILE, next_step="take the other side's")
    before, joined = encode(ours), merged(base, ours, theirs)
    data = encode(joined)
    if not dry_run:
        baseline_file.write(folder / sides.ours, data)
    return Baselined(joined, Edit(FILE, before.decode(), data.decode(), ()), not dry_run)


def _sources(here: Here, found: AtHead, there: dict[str, str]) -> Sources:
    """The pragmas of the measured files at HEAD, and the Python files below `source` that are not measured."""
    wanted = pragma.usable(found.summary.scope.exclude)
    measured = [path for path in found.detail.files if path in there]
    contents = git.read_blobs(found.repository, [there[path] for path in measured])
    pragmas = {
        path: lines
        for path, content in zip(measured, contents, strict=True)
        if (lines := pragma.places(content.decode("utf-8", "replace"), wanted))
    }
    return Sources(
        pragmas, [plain(path) for path in there if _is_source(here, path) and path not in found.detail.files]
    )


def _is_source(here: Here, path: str) -> bool:
    return path.endswith(".py") and any(is_within(path, source) for source in here.roadmap.source)


def _refuse(loosenings: Collection[Loosening]) -> None:
    if loosenings:
        named = [f"\n  {one}" for one in list(loosenings)[:_NAMED]]
        more = f"\n  and {len(loosenings) - _NAMED} more" if len(loosenings) > _NAMED else ""
        first = next(iter(loosenings))
        raise NotMetError(
            f"would ask for less than the committed one:{''.join(named)}{more}",
            where=FILE,
            next_step=f"put it back, or waive it: invoke waive --what {quote(first.waivable)} (see --help)",
        )


def _snapshot(here: Here, found: AtHead) -> Snapshot:
    return snapshot(
        found.summary,
        {path: figures.counts for path, figures in found.detail.files.items()},
        list(islice(here.records.of(found.summary.phase), _LOOKED_AT)),
        here.roadmap.threshold,
        _sites(here),
    )


def _sites(here: Here) -> Sequence[str]:
    """Where a threshold is written; with its value where it is not the config's."""
    wanted = here.roadmap.threshold
    found = surveying.present_sites(here).found.sites
    return [one.where if one.value == wanted else f"{one.where} ({show_threshold(one.value)})" for one in found]
