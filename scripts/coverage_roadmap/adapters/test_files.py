"""The project's test code, read: every Python file below `tests`, since test files take helpers from the others."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from coverage_roadmap.adapters import files, git, measured_tree
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.core import testcode
from coverage_roadmap.core.settings import under
from coverage_roadmap.core.testcode import PYTEST, Complaint, Style, TestFile
from coverage_roadmap.core.testcode.found import Trouble
from coverage_roadmap.errors import RecordError


def complaints(
    project: Path, repository: git.Repository | None, tests: Sequence[str], memory: Memory, style: Style = PYTEST
) -> list[Complaint]:
    """What there is to complain of in the test files.

    Args:
        project: the project's folder.
        repository: its repository; None outside of git.
        tests: the folders and files of tests.
        memory: what was read before.
        style: what pytest takes for a test there.
    """
    keys = {_key(blob, path): path for path, blob in _blobs(project, repository, tests).items()}

    def make(cold: Sequence[str]) -> Iterator[tuple[str, TestFile, bool]]:
        for key in cold:
            file, was_read = _read(project, keys[key], style)
            yield key, file, was_read and keys[key].isprintable()  # a name that is no UTF-8 cannot be kept

    read = memory.made(TestFile, (style.functions, style.classes), keys, make).values()
    named = {os.path.normpath(one) for one in tests}  # pytest takes what it is told to
    judged = [file for file in read if style.takes(file.path) or file.path in named]
    return testcode.review(judged, testcode.asserting_names(read, judged))


def _blobs(project: Path, repository: git.Repository | None, tests: Sequence[str]) -> dict[str, str]:
    """The Python files below the folders of tests, with hashes of what they hold."""
    if repository is not None:
        blobs, _ = git.blobs_now(repository, tests)
    else:
        blobs = {path: _hash(project / path) for path in measured_tree.walk(project, tests)}
    folders = [os.path.normpath(one) for one in tests]
    return {p: blob for p, blob in blobs.items() if p.endswith(".py") and any(under(p, one) for one in folders)}


def _key(blob: str, path: str) -> str:
    """A name of a content at a path, which may hold any bytes."""
    return f"{blob}:{hashlib.sha256(os.fsencode(path)).hexdigest()}"


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(files.read_bounded(path, files.LARGEST_TEXT)).hexdigest()
    except RecordError:
        return "unread"


def _read(project: Path, path: str, style: Style) -> tuple[TestFile, bool]:
    """What a file holds, and whether it could be read: one that lies there and cannot is broken, one that went is not.

    A link that leads nowhere is one that went.
    """
    try:
        return testcode.examine(path, files.read_text(project / path), style), True
    except RecordError as error:
        return TestFile(path, Trouble(0, error.what) if (project / path).is_file() else None), False
