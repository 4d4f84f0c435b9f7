"""What coverage.py read in its settings, remembered as long as all that it rests on is as it was."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.core.regex import regex

_STEERING = ("PYTHON", "COV", "HOME", "LD_", "DYLD_")
"""Of the environment, what steers an interpreter and its coverage.py."""
_JUST_NOW = 2 * 10**9
"""What changed so shortly ago may change again without telling. Nanoseconds."""
_LARGEST_SETTINGS = 2**20
"""What is larger is an interpreter. Bytes."""
_VARIABLE = regex(rb"\$|\\(?:x|u00|U000000)24")
"""What names a variable of the environment, as it stands there or as TOML can write it."""


class Settings(msgspec.Struct, frozen=True):
    """What coverage.py read in its settings."""

    include: tuple[str, ...]
    omit: tuple[str, ...]
    exclude: tuple[str, ...]
    deciding: str
    """All of them that a file's figures rest on, and the interpreter; the same where those are the same."""
    beyond: bool
    """Whether figures rest on more than that."""
    relative: bool
    """Whether paths in its data are from the project."""
    python: str
    coverage: str
    rests_on: tuple[str, ...] = ()
    """The interpreter, where it looks for packages, and what tells coverage.py's version."""
    tried: tuple[str, ...] | None = None
    """The files in which it looked for settings; None where that cannot be told."""

    @property
    def said(self) -> Settings:
        """The same without where it was read: a path may have another temporary folder on it each time."""
        return replace(self, rests_on=(), tried=())


class Settled:
    """What coverage.py read in its settings, remembered with all that this rests on: each file by its content, and each
    folder in which packages are looked for by when something in it was last added, replaced or taken away."""

    def __init__(self, memory: Memory, command: Sequence[str], project: Path, env: Mapping[str, str]) -> None:
        """Take the memory, and how it is started."""
        self._memory, self._began = memory, time.time_ns()
        self.python = shutil.which(command[0], path=env.get("PATH")) or command[0]  # it may be named as a command
        steering = sorted((key, value) for key, value in env.items() if key.startswith(_STEERING))
        told = repr((list(command), str(project), steering)).encode("utf-8", "backslashreplace")
        self._key = hashlib.sha256(told).hexdigest()

    def recalled(self) -> Settings | None:
        """The settings, where all is as it was; else None."""
        found: _Settled | None = self._memory.recall(_Settled, self._key)
        return found.settings if found and found.rests == self._rests(found.settings) else None

    def remember(self, settings: Settings) -> None:
        """Remember the settings, unless what they rest on is not all known, or changed just now."""
        if rests := self._rests(settings):
            self._memory.remember(_Settled(settings, rests), self._key)

    def _rests(self, settings: Settings) -> dict[str, str]:
        """The state of all that settings rest on; empty where that cannot be told."""
        if settings.tried is None:
            return {}
        try:
            seen = {path: self._state(path, holds_settings=False) for path in (self.python, *settings.rests_on)}
            seen |= {path: self._state(path, holds_settings=True) for path in settings.tried}
        except (OSError, _UnknownError):
            return {}
        return seen

    def _state(self, path: str, *, holds_settings: bool) -> str:
        """What tells whether a file or a folder is as it was.

        Raises:
            OSError: it cannot be read.
            _UnknownError: nothing tells.
        """
        try:
            state = os.stat(path)  # noqa: PTH116 - paths as its interpreter has them
        except (FileNotFoundError, NotADirectoryError):
            return ""
        if state.st_mtime_ns > self._began - _JUST_NOW:
            raise _UnknownError
        content = b""
        if stat.S_ISREG(state.st_mode):
            with open(path, "rb") as file:  # noqa: PTH123
                content = file.read(_LARGEST_SETTINGS)
        if content.startswith(b"#!") or (
            holds_settings and (_VARIABLE.search(content) or len(content) == _LARGEST_SETTINGS)
        ):
            raise _UnknownError  # a script that starts whichever Python; a setting that comes from the environment
        told = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, hashlib.sha256(content).hexdigest())
        return repr(told)


class _UnknownError(Exception):
    pass


class _Settled(msgspec.Struct):
    settings: Settings
    rests: dict[str, str]
