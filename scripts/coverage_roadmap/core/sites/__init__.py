"""Sites: where a threshold is written, in every kind of file, and the gates that can never fail.

`find` looks through one file; `outline` is what the file says to its own reader, by which an edit is proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_roadmap.core.regex import regex
from coverage_roadmap.core.sites.site import Around, Found, Outline, Site, Unclear

if TYPE_CHECKING:
    from coverage_roadmap.core.sites.reading import Reading

__all__ = ["Around", "Found", "Outline", "Site", "find", "outline"]
_LARGEST = 500_000
_CODECOV = frozenset({"codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml"})
_WORTH = regex(r"fail.?under|pytest|py\.test|coverage|COV|nox|invoke|inv ")
"""A script without any of these holds no gate."""


def find(file: str, text: str, around: Around | None = None) -> Found:
    """What a file holds of thresholds.

    Args:
        file: its path, from which its kind is told.
        text: all of it.
        around: what is known from other files.

    A file of no kind that is known holds nothing. Never raises: what cannot be parsed is one unclear place.
    """
    kind = _kind(file, text)
    if not kind:
        return Found()
    if len(text) > _LARGEST:
        return Found(unclear=(Unclear(file, 1, "it is too large to look through"),))
    return _read(kind, file, text, around or Around())


def _read(kind: str, file: str, text: str, around: Around) -> Found:
    # each kind is imported where it is wanted: most commands start without any
    from coverage_roadmap.core.sites.reading import Reading

    reading = Reading(file, text, around)
    if kind == "settings":
        from coverage_roadmap.core.sites import settings

        return settings.find(reading)
    if kind == "yaml":
        return _read_yaml(reading)
    if not _WORTH.search(text):
        return Found()
    from coverage_roadmap.core.sites import python, script

    if kind == "python":
        return python.find(reading)
    return script.find_in_make(reading) if kind == "make" else script.find_in_shell(reading)


def outline(file: str, text: str) -> Outline | None:
    """What a file says to its own reader; None where it cannot be parsed, or is of no kind that is known."""
    match _kind(file, text):
        case "settings":
            from coverage_roadmap.core.sites import settings

            return settings.outline(file, text)
        case "shell" | "make":
            from coverage_roadmap.core.sites import script

            return script.outline(text)
        case "python":
            from coverage_roadmap.core.sites import python

            return python.outline(text)
        case "yaml":
            from coverage_roadmap.core.sites import document

            return document.outline(text)
    return None


def _kind(file: str, text: str) -> str:
    name = file.rsplit("/", 1)[-1]
    first = text[:100].partition("\n")[0]
    if name.endswith((".toml", ".ini", ".cfg")) or "coveragerc" in name:
        return "settings"
    if name in ("Makefile", "makefile", "GNUmakefile") or name.endswith(".mk"):
        return "make"
    if name.endswith((".yml", ".yaml")):
        return "yaml"
    if name.endswith(".py") or (first.startswith("#!") and "python" in first):
        return "python"
    if name.endswith((".sh", ".bash")) or (first.startswith("#!") and first.split(" -")[0].endswith("sh")):
        return "shell"
    return ""


def _read_yaml(reading: Reading) -> Found:
    """Read a YAML file of a kind that is known, by its name, or by its keys where only the folder tells."""
    from coverage_roadmap.core.sites import codecov, document, gitlab, precommit, workflow
    from coverage_roadmap.core.sites.reading import unreadable

    name = reading.file.rsplit("/", 1)[-1]
    readers = {
        "codecov": (codecov.read, name in _CODECOV),
        "precommit": (precommit.read, name.startswith(".pre-commit-")),
        "gitlab": (gitlab.read, name.endswith(".gitlab-ci.yml") or "/.gitlab/" in f"/{reading.file}"),
        "github": (workflow.read, "/.github/" in f"/{reading.file}" or name in ("action.yml", "action.yaml")),
    }
    kind = next((kind for kind, (_, fits) in readers.items() if fits), None)
    if kind is None:
        return Found()
    read, _ = readers[kind]
    try:
        roots = document.load(reading.text)
    except document.UnreadableError as error:
        line = reading.line(min(error.place, len(reading.text)))
        dead = error.broken and kind in ("github", "gitlab") and _WORTH.search(reading.text) is not None
        return unreadable(reading.file, line, error.reason, dead=dead)
    for root in roots:
        read(reading, root)
    return reading.found()
