"""Which Python says that a file does not parse: the one that measures the project has the word, not ours."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from coverage_roadmap.core.finding import State


class Parsing(Struct, frozen=True):
    """What the project's own Python says of the files that ours does not parse."""

    ours: str
    """Such as 3.11."""
    theirs: str
    """The one that measures the project."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """By path, whether it parses the file; a path that is not here was not asked about."""

    def judge(self, path: str, text: str) -> tuple[State, str]:
        """What is to be said of a file that our Python does not parse, of which `text` says so.

        Returns:
            Whether that is so or cannot be told, and the sentence.
        """
        if self.theirs == self.ours:
            return State.FOUND, text
        if path not in self.answers:
            newer = _version(self.theirs) > _version(self.ours)  # it may have words that ours has not
            said = f"{text}, says Python {self.ours}; there is no Python {self.theirs} here to ask"
            return State.UNKNOWN if newer else State.FOUND, said
        if self.answers[path]:
            lacking = f"Python {self.theirs} parses it, and ours, {self.ours}, does not: what it holds is not judged"
            return State.UNKNOWN, lacking
        return State.FOUND, f"{text}, say Python {self.ours} and Python {self.theirs}"


def _version(python: str) -> tuple[int, ...]:
    return tuple(map(int, python.split(".")))
