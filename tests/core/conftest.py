"""Values that most of the pure tests start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from coverage_roadmap.core.baseline import Baseline, Evidence, Identity, file_of, whole
from coverage_roadmap.core.measurement import (
    FORMAT,
    Counts,
    FileTests,
    Kind,
    Leg,
    Outcomes,
    Provenance,
    Scope,
    Summary,
    Tree,
)
from coverage_roadmap.core.roadmap import Roadmap, build

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
    return build(
        Roadmap,
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
        },
    )


def build_baseline(
    files: dict[str, tuple[int, ...]],
    *,
    new: tuple[str, ...] = (),
    records: tuple[str, ...] = ("r1",),
    pragmas: dict[str, tuple[int, ...]] | None = None,
    unmeasured: tuple[str, ...] = (),
    tests: dict[str, tuple[int, ...]] | None = None,
    project: str = ".",
    **scope: Any,
) -> Baseline:
    """A baseline; files and tests by their counts, in the order of the types; `new` files have no floor."""
    return whole(
        Identity(project, "pyproject.toml"),
        Scope(**{"source": ("src",), **scope}),
        [Evidence(record, "c" * 40, "2026-03-01T10:00:00+00:00", "3.11", "7.17", "phase1", "s") for record in records],
        {path: file_of(Counts(*counts), held=path not in new) for path, counts in files.items()},
        pragmas or {},
        unmeasured,
        {path: FileTests(*counts) for path, counts in (tests or {}).items()},
    )


@pytest.fixture(scope="session")
def baseline() -> Callable[..., Baseline]:
    """Makes a baseline."""
    return build_baseline


PATHS = st.sampled_from(["src/a.py", "src/b.py", "src/é ü.py", "src/app/__init__.py", "top.py"])
WORDS = st.lists(st.sampled_from(["*/x.py", "a|b", 'q"\\'])).map(tuple)
LINES = st.lists(st.integers(1, 99), min_size=1, max_size=3).map(tuple)


@st.composite
def any_counts(draw: st.DrawFn) -> tuple[int, ...]:
    """Counts as coverage.py gives them."""
    statements, branches = draw(st.integers(0, 20)), draw(st.integers(0, 8))
    missing, missing_branches = draw(st.integers(0, statements)), draw(st.integers(0, branches))
    return statements, missing, draw(st.integers(0, 5)), branches, missing_branches


@st.composite
def any_tests(draw: st.DrawFn) -> tuple[int, int, int]:
    """Outcomes of a test file."""
    passed, skipped = draw(st.integers(0, 9)), draw(st.integers(0, 3))
    return passed + skipped + draw(st.integers(0, 2)), passed, skipped


@st.composite
def any_baseline(draw: st.DrawFn) -> Baseline:
    """A baseline in branch mode."""
    return build_baseline(
        draw(st.dictionaries(PATHS, any_counts())),
        new=tuple(draw(st.sets(PATHS))),
        records=tuple(draw(st.sets(st.sampled_from(["r1", "r2", "r3"])))),
        pragmas=draw(st.dictionaries(PATHS, LINES)),
        unmeasured=tuple(draw(st.sets(PATHS))),
        tests=draw(st.dictionaries(st.sampled_from(["tests/test_a.py", "tests/test_b.py"]), any_tests())),
        omit=draw(WORDS),
        exclude=draw(WORDS),
        branch=True,
    )


@pytest.fixture(scope="session")
def baselines() -> st.SearchStrategy[Baseline]:
    """Any baselines."""
    return any_baseline()
