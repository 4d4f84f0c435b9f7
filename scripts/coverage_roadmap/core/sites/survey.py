"""All files with sites together, less what belongs to other projects."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping

from coverage_roadmap.core import sites
from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites import settings
from coverage_roadmap.core.sites.site import Around, Found, Site, Unclear

_SETTINGS = ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "pyproject.toml", "tox.ini", "setup.cfg")

_UNGATED = regex(r"--gate[ =][\"']?none|--shard\b")
"""A shard has no gate; `combine` has."""


def survey(
    texts: Mapping[str, str],
    outside: Collection[str],
    own: Collection[str],
    phases: frozenset[str],
    config: str,
    tests: tuple[str, ...] = (),
) -> Found:
    """What the files hold of this project's thresholds.

    A site at the git root belongs to the project that its step names; where it names none and the project lies below
    the root, it may be meant for another, and that is said.

    Args:
        texts: by their paths from the project.
        outside: which of them lie at the git root and not in the project.
        own: how a step may name this project: its folder and its config, from the git root.
        phases: the names of the roadmap's phases, whose nox sessions are gates.
        config: the config's path from the project; a `threshold` of another roadmap's config is none of ours.
        tests: the folders and files of the roadmap's tests.
    """
    addopts = (settings.addopts(name, texts[name]) for name in _SETTINGS if name in texts)
    around = Around(" ".join(filter(None, addopts)), phases, tests)
    found = [(name, sites.find(name, text, around)) for name, text in texts.items()]
    kept: list[Site] = []
    unclear: list[Unclear] = []
    for name, one in found:
        unclear += one.unclear
        for site in one.sites:
            if site.kind == "config" and name != config:
                continue
            if name not in outside or _is_own(site.project, own):
                kept.append(site)
            elif not site.project:
                reason = "it does not say which project it is for"
                unclear.append(Unclear(site.file, site.line, reason, str(site.value)))
    flaws = tuple(flaw for _, one in found for flaw in one.flaws)
    return Found(tuple(kept), tuple(unclear), flaws, tuple(name for _, one in found for name in one.by_hand))


def runs_a_gate(texts: Mapping[str, str], phases: Collection[str], left_out: Collection[str]) -> bool:
    """Whether a command in these files, less some, runs a phase with its gate, which needs no site: ours decides by the
    config."""
    named = "|".join(map(re.escape, phases))
    ours = rf"(?:\bnox\b|\bcoverage-roadmap run\b)[^\n]*\b(?:{named}|combine)\b|\bcoverage-roadmap combine\b"
    runs = re.compile(rf"(?:--gate[ =][\"']?threshold\b|{ours})[^\n]*")
    lines = (found[0] for name, text in texts.items() if name not in left_out for found in runs.finditer(text))
    return any(not _UNGATED.search(line) for line in lines)


def _is_own(project: str, own: Collection[str]) -> bool:
    """Whether the folder or config that a step names is ours, or lies in our folder."""
    named = posixpath.normpath(project) if project else ""
    return bool(named) and any(above in own for above in _upwards(named))


def _upwards(path: str) -> Iterator[str]:
    while path and path not in (".", "/"):
        yield path
        path = posixpath.dirname(path)
