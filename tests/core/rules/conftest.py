"""Facts that the rules are asked about: nothing is wrong, unless a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from coverage_roadmap.core.finding import Finding
from coverage_roadmap.core.measurement import FORMAT, Counts, Detail, FileFigures, FileTests, Summary, Tests
from coverage_roadmap.core.problem import read_roadmap
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.rules.rule import Facts, Measured, Rule
from coverage_roadmap.core.sites.site import Found

TODAY = date(2026, 3, 10)
PHASE = {"name": "phase1", "fail-under": 60, "exit": [{"criterion": "coverage", "at-least": 61}]}


def build_roadmap(**table: Any) -> Roadmap:
    """A roadmap without problems, from the config's keys with `_` for `-`."""
    keys = {key.replace("_", "-"): value for key, value in {"threshold": 60, "phases": [PHASE], **table}.items()}
    made, problems = read_roadmap(keys)
    assert made is not None
    assert problems == []
    return made


@pytest.fixture(scope="session")
def config() -> Callable[..., Roadmap]:
    """Makes a roadmap."""
    return build_roadmap


@pytest.fixture(scope="session")
def waiver() -> Callable[..., dict[str, Any]]:
    """Makes a waiver's table."""
    usual = {"what": "threshold", "reason": "moved out", "owner": "kim", "until": date(2026, 4, 1)}
    return lambda **keys: {**usual, **{key.rstrip("_"): value for key, value in keys.items()}}


@pytest.fixture(scope="session")
def facts() -> Callable[..., Facts]:
    """Makes facts; the config's keys may be given as `config`."""

    def make(config: dict[str, Any] | None = None, **known: Any) -> Facts:
        roadmap = build_roadmap(**(config or {}))
        usual = {"config": "pyproject.toml", "day": TODAY, "found": Found(), "phase": roadmap.phases[0]}
        return Facts(**{"roadmap": roadmap, **usual, **known})

    return make


@pytest.fixture
def measured(record: Callable[..., Summary]) -> Callable[..., Measured]:
    """Makes a measurement: files by their counts (statements, missing, excluded, branches, missing branches)."""

    def make(
        files: dict[str, tuple[int, ...]] | None = None,
        *,
        stale: str = "",
        tests: dict[str, FileTests] | None = None,
        **kept: Any,
    ) -> Measured:
        figures = {path: FileFigures(Counts(*counts)) for path, counts in (files or {}).items()}
        detail = None if files is None else Detail(FORMAT, figures, Tests(files=tests or {}))
        return Measured(record(**kept), detail, stale)

    return make


@dataclass(frozen=True)
class Said:
    """A finding less how to mend it."""

    where: str
    text: str
    waivable: str = ""
    state: str = "found"


def say(one: Finding) -> Said:
    """A finding in few words; each must tell how to mend it."""
    assert one.mend
    assert one.text
    return Said(f"{one.file}:{one.line}" if one.line else one.file, one.text, one.waivable, one.state.value)


@pytest.fixture(scope="session")
def ask() -> Callable[[Rule, Facts], list[Said]]:
    """What a rule says of facts."""
    return lambda rule, known: [say(one) for one in rule.find(known)]


@pytest.fixture(scope="session")
def said() -> type[Said]:
    """What is expected of a rule."""
    return Said
