"""Facts of a stand-up, and the items that come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from coverage_roadmap.core import period
from coverage_roadmap.core.criterion import Facts as Judged
from coverage_roadmap.core.measurement import Summary, Tree
from coverage_roadmap.core.roadmap import Phase, build
from coverage_roadmap.core.standing import PhaseStanding, stand
from coverage_roadmap.core.standup import Facts, Item

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)


def running_of(
    records: Sequence[Summary], *, head: Tree | None = None, judged: dict[str, Any] | None = None, **given: Any
) -> PhaseStanding:
    phase = build(Phase, {"name": "phase2", "fail-under": 60, **given})
    return stand(phase, Judged(records, **(judged or {})), running=True, head=head)


@pytest.fixture
def running() -> Callable[..., PhaseStanding]:
    """Judges a phase with a fail-under of 60 on these records."""
    return running_of


def facts_of(*, since: str = "7d", **given: Any) -> Facts:
    given = {"running": running_of(()), **given}
    return Facts(period=period.of(since, NOW), threshold=Decimal(55), dip_below=Decimal(50), **given)


@pytest.fixture
def facts() -> Callable[..., Facts]:
    """Facts of the week before 2026-03-03, with a running phase and nothing else unless given."""
    return facts_of


@pytest.fixture
def said() -> Callable[[Iterable[Item]], list[str]]:
    """Items as they are written."""
    return lambda items: [f"{item.mark} {item.text}" for item in items]
