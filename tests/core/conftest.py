"""Values that most of the pure tests start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from coverage_roadmap.core.measurement import (
    FORMAT,
    Counts,
    Kind,
    Leg,
    Outcomes,
    Provenance,
    Scope,
    Summary,
    Tree,
)
from coverage_roadmap.core.roadmap import Roadmap

settings.register_profile("roadmap", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("roadmap")


def build_record(
    *,
    covered: int = 70,
    total: int = 100,
    kind: Kind = Kind.FULL,
    reasons: tuple[str, ...] = (),
    outcomes: Outcomes | None = None,
    canonical: bool = True,
    commit: str | None = "c" * 40,
    tree: str = "t1",
    head: str | None = "same",
    started: str = "2026-03-01T10:00:00.000000+00:00",
    phase: str = "phase2",
    **provenance: Any,
) -> Summary:
    """A record; `head` is the source hash at HEAD: "same" for the tree's own, None for no commit."""
    committed = None if head is None else Tree(source=tree if head == "same" else head)
    where = Provenance(
        started=started,
        seconds=1.5,
        leg=Leg("3.11" if canonical else "3.12", canonical=canonical),
        config="pyproject.toml",
        commit=commit,
        head=committed,
        **{"exit_status": 0, **provenance},
    )
    return Summary(
        format=FORMAT,
        id=f"20260301T100000000000Z-{phase}-0123abcd",
        phase=phase,
        selection="s",
        kind=kind,
        reasons=reasons,
        totals=Counts(statements=total, missing=total - covered),
        scope=Scope(),
        outcomes=outcomes if outcomes is not None else Outcomes(collected=3, passed=3),
        tree=Tree(source=tree),
        provenance=where,
    )


@pytest.fixture
def record() -> Callable[..., Summary]:
    """Makes a record: full, green, canonical and committed, unless told otherwise."""
    return build_record


@pytest.fixture
def roadmap() -> Roadmap:
    """Two phases, two stories, a matrix."""
    story = {"modules": ["src/a.py", "src/b.py"], "tests": ["tests/test_a.py"]}
    return Roadmap.model_validate(
        {
            "exclude": ["tests/slow"],
            "threshold": 40,
            "python": "3.11",
            "matrix": ["3.11", "3.12", "3.13", "3.12"],
            "phases": [
                {"name": "phase1", "fail-under": 50, "stories": [{**story, "id": "one"}]},
                {
                    "name": "phase2",
                    "title": "Up",
                    "fail-under": 60,
                    "exclude": ["tests/test_c.py::test_x", "tests/slow"],
                    "stories": [{**story, "id": "two", "tests": ["tests/two"], "target": 80}],
                },
            ],
        }
    )
