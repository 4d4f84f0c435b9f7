"""The documentation of stories in a pull request: what is recorded of it, and whether it came to the default branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import msgspec

from coverage_roadmap.core.measurement import FORMAT, Hash, Name, Tree
from coverage_roadmap.core.roadmap import Slug
from coverage_roadmap.core.verdict import Answer, Verdict

MOST_FILES = 5_000
"""So many changed files are remembered; of a larger change none."""
_Blob = Annotated[str, msgspec.Meta(pattern=r"^(?:[0-9a-f]{40,64})?\Z")]
Changed = Mapping[str, str]
"""Changed files by path in the project, each with the hash of its content; empty where it is gone."""


class Documentation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a pull request's summary had a section on these stories. It may come from another machine."""

    format: Annotated[int, msgspec.Meta(ge=0, le=0)]
    section: Hash
    """SHA-256 of the sections' text."""
    stories: Annotated[tuple[Slug, ...], msgspec.Meta(min_length=1, max_length=1000)]
    commit: Hash
    """What the summary was made of."""
    base: Hash
    """Where its branch left the default branch."""
    tree: Tree
    """The measured tree at the commit."""
    changed: Annotated[dict[Name, _Blob], msgspec.Meta(max_length=MOST_FILES)]
    """What the commit changed since the base; empty where that was too much to remember."""

    @property
    def id(self) -> str:
        """The same for the same content."""
        return _digest(msgspec.json.encode(self))[:16]


def _digest(data: bytes) -> str:
    import hashlib  # whoever judges imports this module, and few hash

    return hashlib.sha256(data).hexdigest()


def document(
    section: str, stories: Sequence[str], commit: str, base: str, tree: Tree, changed: Changed
) -> Documentation:
    """What is recorded of sections' text on stories."""
    digest = _digest(section.encode("utf-8", "surrogateescape"))
    kept = dict(changed) if len(changed) <= MOST_FILES else {}
    return Documentation(FORMAT, digest, tuple(stories), commit, base, tree, kept)


def squashed(changed: Changed, steps: Iterable[Changed]) -> bool:
    """Whether one of the steps, each a commit on top of the one before, leaves all changed files as they were
    recorded: so it is where a change came as a squash, or commit for commit."""
    alike: set[str] = set()
    for step in steps:
        for path in step.keys() & changed.keys():
            if step[path] == changed[path]:
                alike.add(path)
            else:
                alike.discard(path)
        if changed and len(alike) == len(changed):
            return True
    return False


class Recorded(msgspec.Struct, frozen=True):
    """A recorded documentation, as the default branch knows it."""

    stories: Sequence[str]
    commit: str
    merged: bool
    lacking: str = ""
    """Why it cannot be told whether it was merged; empty where it can."""


def judge(wanted: Sequence[str], recorded: Sequence[Recorded]) -> Verdict:
    """Whether a section that names every wanted story came to the default branch."""
    question = "documented in a PR"
    fitting = [one for one in recorded if set(wanted) <= set(one.stories)]
    if merged := [one for one in fitting if one.merged]:
        return Verdict(question, Answer.MET, f"{', '.join(wanted)} at {merged[0].commit[:8]}")
    if unclear := [one for one in fitting if one.lacking]:
        return Verdict(question, Answer.UNKNOWN, f"recorded at {unclear[0].commit[:8]}; {unclear[0].lacking}")
    if fitting:
        at = fitting[0].commit[:8]
        return Verdict(question, Answer.NOT_MET, f"recorded at {at}, which is not merged", at)
    if recorded:
        named = {name for one in recorded for name in one.stories}
        lacks = [name for name in wanted if name not in named]
        told = f"no recorded summary names {lacks[0]}" if lacks else "no recorded summary names all of its stories"
        return Verdict(question, Answer.NOT_MET, told)
    return Verdict(question, Answer.UNKNOWN, "no pull request summary is recorded")
