"""Gathers the stories' cards. Board and stand-up take the same ones, so that they never say different things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from coverage_roadmap.adapters import branches, git, measured_tree, own_work
from coverage_roadmap.commands import judging
from coverage_roadmap.commands.base import default_branch, roadmap_at
from coverage_roadmap.commands.here import Here
from coverage_roadmap.core import story as stories
from coverage_roadmap.core.board.card import Card, Known, of_story
from coverage_roadmap.core.board.delta import began
from coverage_roadmap.core.board.work import NOTHING, Snippet, Tracked, Work, paths_of, touched
from coverage_roadmap.core.branch import Own, short
from coverage_roadmap.core.measurement import Kind, Summary
from coverage_roadmap.core.roadmap import Phase, Story
from coverage_roadmap.core.verdict import Answer

LOOKED_AT = 200
"""So many branches that no story's pattern names are looked at, and so many of the newest records."""


class Cards(Struct, frozen=True):
    """The stories' cards in the roadmap's order, each in its column, and what is said beside."""

    cards: Sequence[Card]
    notes: Sequence[str] = ()


class _Found(Struct, frozen=True):
    """Branches with what they have of their own."""

    owns: Sequence[Own]
    named: Mapping[str, str]
    """The story that the pattern names, by the branch."""
    notes: Sequence[str] = ()

    def of(self, own: Own, story: Story) -> list[str]:
        """The files of a branch that tell whether it works on a story: the story's own, else, on a branch that the
        pattern names, all that it changed."""
        return touched(story, own.files) or (list(own.files) if self.fits(own, story) else [])

    def fits(self, own: Own, story: Story) -> bool:
        """Whether the pattern names the branch for the story."""
        return self.named.get(own.tip.name) == story.id


def stories_cards(here: Here, tracked: Mapping[str, Tracked]) -> Cards:
    """The stories' cards.

    Args:
        here: the config, the repository and the records.
        tracked: what a tracker knows, by the stories' ids; empty without one.

    Raises:
        ToolError: git failed.
    """
    found = here.once(_gathered)
    return Cards(
        [of_story(replace(one, tracked=tracked.get(one.story.id, NOTHING))) for one in found.known], found.notes
    )


class _Gathered(Struct, frozen=True):
    """What is known of the stories without a tracker, and what is said beside."""

    known: Sequence[Known]
    notes: Sequence[str]


def _gathered(here: Here) -> _Gathered:
    """Look through git and the records: stand-up and board, which a dashboard shows both, rest on the same look."""
    every = here.roadmap.stories()
    default = default_branch(here)
    done = judging.stories_done(here, every, default)
    open_ = [(phase, one) for phase, one in every if not phase.closed and done[one.id].answer is not Answer.MET]
    at_tip = frozenset(judging.tests_at(here, open_, default) or ())
    found, works = _Found((), {}), dict[str, list[Work]]()
    if here.repository and open_:
        found = _branches(here, here.repository, [one for _, one in open_], default)
        works = _works(here.repository, [one for _, one in open_], found, default)
    known = []
    for phase, one in every:
        own = [_measured(here, phase, one, work, at_tip) for work in works.get(one.id, ())]
        known.append(Known(phase, one, done[one.id], own, at_tip))
    return _Gathered(known, found.notes)


def _branches(here: Here, repository: git.Repository, open_: Sequence[Story], default: str | None) -> _Found:
    """The branches that may work on open stories."""
    pattern = here.roadmap.board.branch_pattern
    named = {pattern.replace("{story}", one.id): one.id for one in open_}
    tips = branches.tips(repository, {here.roadmap.history.branch, short(default or "")})
    fitting = [tip for tip in tips if tip.name in named]
    if default is None:
        return _Found([Own(tip, None, untold="there is no default branch to compare with") for tip in fitting], named)
    others = [tip for tip in tips if tip.name not in named]
    owns = own_work.own(repository, fitting, default)
    owns += own_work.own(repository, others[:LOOKED_AT], default, paths_of(open_))
    left = len(others) - LOOKED_AT
    cut = f"{left} of {len(others)} branches are not looked at, those that moved earliest"
    return _Found(owns, named, [*([cut] if left > 0 else []), *_behind(repository, default)])


def _behind(repository: git.Repository, default: str) -> list[str]:
    """That what others merged is not in the default branch as it is here, and so not looked at."""
    remote = git.tracking(repository, default)
    if remote is None or git.is_ancestor(repository.project, remote, default):
        return []
    there = remote.removeprefix("refs/remotes/")
    return [f"{short(default)} lacks commits of {there}, which are not looked at: git pull"]


def _works(
    repository: git.Repository, open_: Sequence[Story], found: _Found, default: str | None
) -> dict[str, list[Work]]:
    """The work on each open story, by its id."""
    wanted = [(own, list(dict.fromkeys(path for one in open_ for path in found.of(own, one)))) for own in found.owns]
    ahead = own_work.lacking(repository, default, wanted) if default else {}
    counted = [own for own in found.owns if ahead.get(own.tip.name) or (own.untold and own.tip.name in found.named)]
    dates = branches.dated(repository, [own.tip for own in counted], default)
    pairs = []
    for own in counted:
        known = set(ahead.get(own.tip.name, ()))
        for one in open_:
            lacks = tuple(path for path in found.of(own, one) if path in known)
            if lacks or (own.untold and found.fits(own, one)):
                pairs.append((own, one, lacks))
    there = own_work.existing(repository, [(own.tip.commit, path) for own, one, _ in pairs for path in _files(one)])
    works: dict[str, list[Work]] = {}
    for own, one, lacks in pairs:
        tests = frozenset(test for test in one.tests if (own.tip.commit, test.split("::")[0]) in there)
        work = Work(dates[own.tip.name], own.tip.commit, found.fits(own, one), lacks, tests, own.untold)
        works.setdefault(one.id, []).append(work)
    return works


def _files(story: Story) -> list[str]:
    """The files and folders of a story's tests."""
    return [test.split("::")[0] for test in story.tests]


def _measured(here: Here, phase: Phase, story: Story, work: Work, at_tip: frozenset[str]) -> Work:
    """The work with its own measurement, where it is ready to be reviewed."""
    if not work.is_ready(story, at_tip):
        return work
    records = _records(here, work.commit)
    read = [(record, detail) for record in records if (detail := here.detail(record))]
    if not read:
        what = f"the per-file part of {records[0].id} cannot be read" if records else "no run of it is recorded"
        return replace(work, unmeasured=f"{what}, at {work.commit[:8]}")
    record, detail = next((one for one in read if began(story, one[1])), read[0])
    modules = stories.progress(phase, story, detail.files, story.modules)
    return replace(work, snippet=Snippet(record.id, record.kind, record.outcomes.passed, modules))


def _records(here: Here, commit: str) -> list[Summary]:
    """The records of a commit, or else of its measured tree: whole ones before others, the newest first."""
    records = [record for record in islice(here.records.all(), LOOKED_AT) if record.kind is not Kind.FAILED]
    own = [r for r in records if r.provenance.commit == commit and r.tree == r.provenance.head]
    if not own and records and here.repository:
        tree = measured_tree.at(roadmap_at(here, here.repository, commit), here.repository, commit)
        own = [record for record in records if record.tree == tree]
    return sorted(own, key=lambda record: not record.whole)
