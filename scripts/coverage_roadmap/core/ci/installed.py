"""What `ci.install` names that must lie in the repository, since CI's jobs have nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

_TAKES_PATH = ("-r", "--requirement", "-c", "--constraint", "-e", "--editable")
_BUILT = (".whl", ".tar.gz", ".zip")


def paths(words: Sequence[str]) -> list[str]:
    """The files and folders among pip's words, from the folder in which the jobs work.

    Passed over are addresses, and absolute paths: what lies there on a runner cannot be told here.
    """
    named = (re.sub(r"\[[^]]*\]\Z", "", word) for word in _operands(words))
    return list(
        dict.fromkeys(one for one in named if one and "://" not in one and not PurePosixPath(one).is_absolute())
    )


def _operands(words: Sequence[str]) -> Iterator[str]:
    rest = iter(words)
    for word in rest:
        option, is_joined, value = word.partition("=")
        if word in _TAKES_PATH:
            yield next(rest, "")
        elif word.startswith("--"):
            if is_joined and option in _TAKES_PATH:
                yield value
        elif word.startswith(("-r", "-c", "-e")):
            yield word[2:].removeprefix("=")
        elif word.startswith((".", "/")) or (word.endswith(_BUILT) and " @ " not in word):
            yield word
