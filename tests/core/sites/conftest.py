"""What is found in a file, in few words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from coverage_roadmap.core.sites import Around, find


@dataclass(frozen=True)
class Seen:
    """`sites`: line, value, kind and project; `unclear` and `flaws`: line and words."""

    sites: list[str]
    unclear: list[str]
    flaws: list[str]


def seen(file: str, text: str, around: Around | None = None) -> Seen:
    """Look through a file; every site's span must hold its value."""
    found = find(file, text, around)
    for site in found.sites:
        assert str(site.value) == text[site.start : site.end]
        assert text.count("\n", 0, site.start) + 1 == site.line
    assert all(one.file == file for one in (*found.sites, *found.unclear, *found.flaws))
    return Seen(
        [f"{s.line} {s.value} {s.kind} {s.project}".strip() for s in found.sites],
        [f"{u.line} {u.reason}" for u in found.unclear],
        [f"{f.line} {f.what}" for f in found.flaws],
    )


@pytest.fixture(scope="session")
def look() -> Callable[..., Seen]:
    """Looks through a file."""
    return seen
