"""The verdict: met, not met, or unknown, always with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Answer(StrEnum):
    """The three answers. Unknown never closes a phase."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class Verdict(Struct, frozen=True):
    """An answer to `question`, and why it is that answer."""

    question: str
    answer: Answer
    reason: str
    about: str = ""
    """What it turns on, such as a story's id, or the lines that lack; empty where that is all of the question."""


def worst(answers: Iterable[Answer]) -> Answer:
    """Join answers: one not met decides, then one unknown; no answer at all is unknown."""
    seen = set(answers)
    for answer in (Answer.NOT_MET, Answer.UNKNOWN, Answer.MET):
        if answer in seen:
            return answer
    return Answer.UNKNOWN
