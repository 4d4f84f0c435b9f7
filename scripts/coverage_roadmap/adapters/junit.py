"""Pytest's JUnit XML, as a second witness: how many tests it names."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from coverage_roadmap.errors import RecordError

LARGEST = 2**30


def count_tests(path: Path) -> int:
    """The number of test cases in the file.

    Raises:
        RecordError: it is missing, truncated, too large, declares entities, or is no XML.
    """
    count = 0

    def on_start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += tag == "testcase"

    def on_doctype(*_: object) -> None:
        raise RecordError("declares entities, which pytest never does", where=str(path))

    parser = expat.ParserCreate()
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        if path.stat().st_size > LARGEST:
            raise RecordError("is larger than 1 GiB", where=str(path))
        with path.open("rb") as file:
            parser.ParseFile(file)
    except OSError as error:
        raise RecordError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    except expat.ExpatError as error:
        raise RecordError(f"cannot be read: {error}", where=str(path)) from error
    return count
