"""A pull request's body: our block stands between two hidden markers, and all other text is a person's."""

from __future__ import annotations

from coverage_roadmap.errors import UsageError

BEGIN = "<!-- coverage-roadmap: pr-summary -->"
END = "<!-- coverage-roadmap: end of pr-summary -->"
LIMIT = 65_536
"""The longest body that GitHub takes. Characters."""
STEP_LIMIT = 700_000
"""The longest summary of a job that surely is below GitHub's limit of 1 MiB. Characters."""
_LEAST = 4_096
"""With less room a summary says too little. Characters."""


def place(body: str, block: str, where: str) -> str:
    """The body with the block in it: between the markers where they are there, else at its end.

    Args:
        body: the text; its line ends, and whether its last line has one, are kept.
        block: Markdown with a line end at its end.
        where: the file, for the errors.

    Raises:
        UsageError: a marker is there without the other, twice, or in the wrong order.
    """
    ends = "\r\n" if "\r\n" in body else "\n"
    ours = ends.join([BEGIN, *block.splitlines(), END])
    found = (body.count(BEGIN), body.count(END))
    if found == (0, 0):
        if not body:
            return ours + ends
        whole = body.endswith("\n")
        return f"{body}{'' if whole else ends}{ends}{ours}{ends if whole else ''}"
    if found != (1, 1) or body.index(END) < body.index(BEGIN):
        told = f"its markers are broken: {BEGIN} is there {_times(found[0])}, {END} {_times(found[1])}"
        if found == (1, 1):
            told = f"its markers are broken: {END} stands before {BEGIN}"
        raise UsageError(told, where=where, next_step="leave one of each, in this order, or none")
    before, _, rest = body.partition(BEGIN)
    return before + ours + rest.partition(END)[2]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def room(body: str, where: str, limit: int = LIMIT) -> int:
    """How long a block may be so that the whole stays within `limit`, and the block within GitHub's. Characters.

    Raises:
        UsageError: what a person wrote leaves too little, or the markers are broken.
    """
    left = limit - len(place(body, "", where)) - 4 * body.count("\r\n")
    if left < _LEAST:
        raise UsageError(
            f"leaves {max(left, 0)} of {limit} characters for the summary", where=where, next_step="shorten it"
        )
    return min(left, LIMIT)
