"""Joins what the shards of one phase and leg left to what a run in one piece would have left, or says why it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.core.artifact import Manifest, Shard
from coverage_roadmap.core.measurement import Kind, Leg, Provenance, Tree
from coverage_roadmap.core.outcome import Ending, Journal, kind, outcomes
from coverage_roadmap.core.text import many, plain

_NAMED = 5


class Part(Struct, frozen=True):
    """What one shard left."""

    name: str
    """The artifact's, as people know it."""
    manifest: Manifest
    journal: Journal

    @property
    def shard(self) -> Shard:
        """Which one it is."""
        return self.manifest.shard


class Expected(Struct, frozen=True):
    """What shards must have run on to be combined here."""

    commit: str | None
    config: str
    """Its hash."""
    selection: str
    """Its hash."""
    tree: Tree


def unfit(parts: Sequence[tuple[str, Manifest]], expected: Expected) -> list[str]:
    """Why the shards of a phase and leg are no whole set, each reason with the artifacts that it is about.

    Args:
        parts: the artifacts' names and manifests; at least one.
        expected: what the combining job stands on.
    """
    return [*_incomplete(parts), *_elsewhere(parts, expected), *_unlike(parts)]


def divisions(manifests: Sequence[Manifest]) -> list[int]:
    """Into how many shards the runs were divided that left them, the newest run's first."""
    newest = sorted(manifests, key=lambda one: one.record.id, reverse=True)
    return list(dict.fromkeys(one.shard.of for one in newest))


def _incomplete(parts: Sequence[tuple[str, Manifest]]) -> Iterator[str]:
    counts = Counter(manifest.shard.of for _, manifest in parts)
    if len(counts) > 1:
        told = ", ".join(f"{name} is {manifest.shard}" for name, manifest in parts)
        yield f"the artifacts do not agree how many shards there are: {told}"
        return
    names: dict[int, list[str]] = {}
    for name, manifest in parts:
        names.setdefault(manifest.shard.number, []).append(name)
    (of,) = counts
    for number in sorted(names):
        if len(names[number]) > 1:
            yield f"shard {number}/{of} is there {len(names[number])} times: {', '.join(names[number])}"
    missing = [f"{number}/{of}" for number in range(1, of + 1) if number not in names]
    if missing:
        are = "shard {} is" if len(missing) == 1 else "shards {} are"
        yield f"{are.format(', '.join(missing))} missing: its job left no artifact, or none was fetched"


def _elsewhere(parts: Sequence[tuple[str, Manifest]], expected: Expected) -> Iterator[str]:
    for name, manifest in parts:
        record = manifest.record
        commit = record.provenance.commit
        parts_of_tree = record.tree.differs_in(expected.tree)
        if commit != expected.commit:
            yield f"{name} is of the commit {_short(commit)}, and here is {_short(expected.commit)}"
        elif manifest.config != expected.config:
            yield f"{name} was run by another config than the one here"
        elif record.selection != expected.selection:
            yield f"{name} is of another selection than the one here"
        elif parts_of_tree:
            yield f"{name} ran on another measured tree than the one here: {' and '.join(parts_of_tree)} differ"


def _unlike(parts: Sequence[tuple[str, Manifest]]) -> Iterator[str]:
    """What all shards must share and this job cannot tell by itself: each is held against the first."""
    first_name, first = parts[0]
    begun = [(name, one) for name, one in parts if one.record.kind is not Kind.FAILED]
    for name, one in parts[1:]:
        if _words(one) != _words(first):
            yield f"{name} was given other words than {first_name}"
        if one.durations != first.durations:
            told = f"{first.planned_from or 'no record'} and {one.planned_from or 'no record'}"
            yield f"{name} was planned from other durations than {first_name}: {plain(told)}"
    for name, one in begun[1:]:
        if one.record.scope != begun[0][1].record.scope or one.config_file != begun[0][1].config_file:
            yield f"{name} measured another scope than {begun[0][0]}"


def _words(one: Manifest) -> list[str]:
    return [word for word in one.record.provenance.arguments if not word.startswith("--shard=")]


def _short(commit: str | None) -> str:
    return plain(commit[:12]) if commit else "none"


def uneven(parts: Sequence[Part]) -> list[str]:
    """Where the shards did not collect the same tests, or a test ran in none or in several; named.

    A shard that could not finish collecting is passed over: that it failed is said elsewhere.
    """
    told = [part for part in parts if part.journal.sharded]
    found = []
    for part in told[1:]:
        ours, first = part.journal.sharded.keys(), told[0].journal.sharded.keys()
        if ours != first:
            alone = f"{_some(first - ours, f'only in {told[0].shard}')}{_some(ours - first, f'only in {part.shard}')}"
            found.append(f"shards {told[0].shard} and {part.shard} collected different tests{alone}")
    if found or not told:
        return found
    times = Counter(test for part in parts for test in part.journal.collected)
    whole = told[0].journal.sharded.keys()
    several = {test for test, count in times.items() if count > 1}
    if several:
        found.append(f"{many(len(several), 'test')} ran in several shards{_some(several, 'such as')}")
    strange = times.keys() - whole
    if strange:
        found.append(f"{many(len(strange), 'test')} ran and had not been collected{_some(strange, 'such as')}")
    if len(told) == len(parts) and (none := whole - times.keys()):
        found.append(f"{many(len(none), 'test')} ran in no shard{_some(none, 'such as')}")
    return found


def _some(tests: set[str], where: str) -> str:
    if not tests:
        return ""
    named = ", ".join(plain(test)[:200] for test in sorted(tests)[:_NAMED])
    more = f" and {len(tests) - _NAMED} more" if len(tests) > _NAMED else ""
    return f"; {where}: {named}{more}"


def joined(parts: Sequence[Part]) -> Journal:
    """The journal of all shards, as a run in one piece would have written it."""
    whole = Journal(finished=_status(parts))
    for part in parts:
        one = part.journal
        whole.start, whole.options = whole.start or one.start, whole.options or one.options
        whole.collected.update(one.sharded or one.collected)
        whole.deselected.update(one.deselected)
        known = {failure.id for failure in whole.not_imported}
        whole.not_imported += [failure for failure in one.not_imported if failure.id not in known]
        whole.reports.update(one.reports)
        whole.stopped = whole.stopped or one.stopped
    return whole


def _status(parts: Sequence[Part]) -> int:
    """Pytest's exit status as one run would have had it: the gravest; a shard without a test of its own had none."""
    statuses = [
        0 if status == _NOTHING and part.journal.sharded else -1 if status is None else status
        for part in parts
        for status in [part.manifest.record.provenance.exit_status]
    ]
    return min((status for status in statuses if status < 0), default=max(statuses))


_NOTHING = 5
"""Pytest's exit status where no test is left to run."""


def judged(parts: Sequence[Part], journal: Journal) -> tuple[Kind, list[str]]:
    """The kind of what was joined, and why it is not full: the gravest of the shards', each named.

    Args:
        parts: the shards.
        journal: their joined journal.
    """
    reasons: dict[Kind, list[str]] = {}
    for part in parts:
        own = f"shard {part.shard}"
        told = [plain(reason) for reason in part.manifest.record.reasons if reason != own]
        unended = part.journal.finished is None and part.manifest.record.kind is Kind.PARTIAL
        told += ["its journal has no end"] if unended else []
        by = Kind.FAILED if unended else part.manifest.record.kind
        if told or by is not Kind.PARTIAL:
            reasons.setdefault(by, []).append(f"{own}: {', '.join(told)}")
    for grave in (Kind.TIMED_OUT, Kind.FAILED):
        if grave in reasons:
            return grave, reasons[grave]
    if Kind.PARTIAL in reasons:
        return Kind.PARTIAL, reasons[Kind.PARTIAL]
    return kind(journal, outcomes(journal), Ending(_status(parts)), _words(parts[0].manifest))


def provenance(
    parts: Sequence[Part], *, canonical: bool, config: str, branch: str | None, head: Tree | None
) -> Provenance:
    """Where what was joined comes from: the first shard's own, with the times of all.

    Args:
        parts: the shards, whose commits and trees are the one here.
        canonical: whether their leg is, by the config here.
        config: the config file, as a record names it.
        branch: the branch here.
        head: the measured tree as committed at HEAD here.
    """
    all_of = [part.manifest.record.provenance for part in parts]
    first = all_of[0]
    return replace(
        first,
        started=min(one.started for one in all_of),
        seconds=round(sum(one.seconds for one in all_of), 3),
        leg=Leg(plain(first.leg.python), plain(first.leg.implementation), canonical),
        config=config,
        arguments=tuple(map(plain, _words(parts[0].manifest))),
        overridden=tuple(map(plain, first.overridden)),
        core=plain(first.core),
        exit_status=_status(parts),
        branch=branch,
        dirty=tuple(map(plain, first.dirty)),
        head=head,
        versions={plain(name): plain(version) for name, version in first.versions.items()},
        platform=plain(first.platform),
        shards=len(parts),
    )
