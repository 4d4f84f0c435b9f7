"""Sites in a settings file that its tool does not read, since another file goes before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from coverage_roadmap.core import pytest_settings
from coverage_roadmap.core.percent import show_threshold
from coverage_roadmap.core.pytest_settings import Homes
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.core.settings import FILES, resolve
from coverage_roadmap.core.sites.site import Flaw, Site

_PYTEST, _COVERAGE = "pytest addopts", "coverage fail_under"
_WRITTEN = {_PYTEST: "--cov-fail-under={}", _COVERAGE: "fail_under = {}"}


class Unread(Struct, frozen=True):
    """A file that a tool passes over."""

    kind: str
    """Of the sites that demand nothing there."""
    file: str
    taken: str
    """The file that the tool reads in its place."""


def unread(texts: Mapping[str, str], roadmap: Roadmap, places: Homes) -> tuple[Unread, ...]:
    """Which settings files a run of the roadmap's tests passes over.

    Args:
        texts: the settings files of pytest and coverage.py, by their paths from the project, whole.
        roadmap: the config.
        places: where pytest looks for its settings.
    """
    words = roadmap.pytest_args
    of_pytest = pytest_settings.shadowed(texts, places, words)
    taken = resolve(texts, roadmap.source, words, roadmap.env, places).file
    of_coverage = [name for name in FILES if name in texts and name != taken] if taken in FILES else []
    return (
        *(Unread(_PYTEST, file, other) for file, other in of_pytest.items()),
        *(Unread(_COVERAGE, file, taken) for file in of_coverage),
    )


def flaws(sites: Iterable[Site], passed_over: Iterable[Unread]) -> Iterator[Flaw]:
    """The gates that went with a file that is passed over, where the file that is read has none itself."""
    by_file = {(site.kind, site.file): site for site in sites}
    for one in passed_over:
        site = by_file.get((one.kind, one.file))
        if site and (one.kind, one.taken) not in by_file:
            written = _WRITTEN[one.kind].format(show_threshold(site.value))
            what = f"{one.kind.split()[0]} reads it in place of {one.file}, whose {written} demands nothing"
            yield Flaw(one.taken, 1, what, f"write {written} here, or take this file away")
