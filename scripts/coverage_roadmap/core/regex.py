"""A regular expression that is compiled when it is first asked for.

Python compiles an expression in about a fifth of a millisecond; the hundred of this package would take longer at each
start than most commands take for their work, and a command needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


class Late(Generic[AnyStr]):
    """Stands where a compiled pattern would, and becomes one by being asked."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        """Keep what `re.compile` is given."""
        self.pattern: AnyStr = text
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        """A pattern's own attribute, kept, so that it is got but once."""
        value = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, value)
        return value


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, later; to be kept at the top of a module."""
    return cast("re.Pattern[AnyStr]", Late(text, flags))
