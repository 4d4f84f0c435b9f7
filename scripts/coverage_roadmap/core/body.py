"""A person's text, such as a pull request's body: our block stands between two hidden markers, and all other text is
theirs."""

from __future__ import annotations

from coverage_roadmap.errors import UsageError

LIMIT = 65_536
"""The longest body that GitHub takes. Characters."""
STEP_LIMIT = 700_000
"""The longest summary of a job that surely is below GitHub's limit of 1 MiB. Characters."""
_LEAST = 4_096
"""With less room a summary says too little. Characters."""


def markers(kind: str) -> tuple[str, str]:
    """The lines before and after a block; `kind` tells blocks of one text apart."""
    return f"<!-- coverage-roadmap: {kind} -->", f"<!-- coverage-roadmap: end of {kind} -->"


def place(body: str, block: str, where: str, kind: str) -> str:
    """The body with the block in it: between the markers where they are there, else at its end.

    Args:
        body: the text; its line ends, and whether its last line has one, are kept.
        block: Markdown with a line end at its end.
        where: the file, for the errors.
        kind: which block it is.

    Raises:
        UsageError: a marker is there without the other, twice, or in the wrong order.
    """
    begin, end = markers(kind)
    ends = "\r\n" if "\r\n" in body else "\n"
    ours = ends.join([begin, *block.splitlines(), end])
    found = (body.count(begin), body.count(end))
    if found == (0, 0):
        if not body:
            return ours + ends
        whole = body.endswith("\n")
        return f"{body}{'' if whole else ends}{ends}{ours}{ends if whole else ''}"
    if found != (1, 1) or body.index(end) < body.index(begin):
        told = f"its markers are broken: {begin} is there {_times(found[0])}, {end} {_times(found[1])}"
        if found == (1, 1):
            told = f"its markers are broken: {end} stands before {begin}"
        raise UsageError(told, where=where, next_step="leave one of each, in this order, or none")
    before, _, rest = body.partition(begin)
    return before + ours + rest.partition(end)[2]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def room(body: str, where: str, kind: str, limit: int = LIMIT) -> int:
    """How long a block may be so that the whole stays within `limit`, and the block within GitHub's. Characters.

    Raises:
        UsageError: what a person wrote leaves too little, or the markers are broken.
    """
    left = limit - len(place(body, "", where, kind)) - 4 * body.count("\r\n")
    if left < _LEAST:
        raise UsageError(
            f"leaves {max(left, 0)} of {limit} characters for the summary", where=where, next_step="shorten it"
        )
    return min(left, LIMIT)
