"""What a remote's refspecs fetch, and where that is kept."""

from __future__ import annotations

from collections.abc import Sequence


def fetches(refspecs: Sequence[str], source: str, target: str) -> bool:
    """Whether a fetch keeps the remote's `source` as `target`; both are whole names.

    Args:
        refspecs: as git's config has them, such as `+refs/heads/*:refs/remotes/origin/*`.
        source: as the remote calls it, such as `refs/heads/main`.
        target: as this clone calls it, such as `refs/remotes/origin/main`.
    """
    left_out = any(_within(source, one[1:]) is not None for one in refspecs if one.startswith("^"))
    return not left_out and any(_kept_as(one, source) == target for one in refspecs)


def _kept_as(refspec: str, source: str) -> str | None:
    pattern, _, place = refspec.removeprefix("+").partition(":")
    star = _within(source, pattern)
    return None if star is None else place.replace("*", star)


def _within(source: str, pattern: str) -> str | None:
    """What stands for the pattern's star, which may be nothing; None where it does not fit."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if source == pattern else None
    fits = source.startswith(before) and source.endswith(after) and len(source) >= len(before) + len(after)
    return source[len(before) : len(source) - len(after)] if fits else None
