"""Pytest's JUnit XML, as a second witness: how many tests it names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from coverage_roadmap.adapters import files
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


def join(paths: Sequence[Path], target: Path) -> None:
    """Write the suites of several files, each of which could be counted, as one file.

    Raises:
        RecordError: one cannot be read.
        ToolError: the file cannot be written.
    """
    whole = ElementTree.Element("testsuites", name="pytest tests")
    for path in paths:
        try:
            root = ElementTree.parse(path).getroot()  # noqa: S314 - what declares entities was not counted
        except (OSError, ElementTree.ParseError) as error:
            raise RecordError(f"cannot be read: {error}", where=str(path)) from error
        whole.extend(root if root.tag == "testsuites" else [root])
    files.write_whole(target, ElementTree.tostring(whole, encoding="utf-8", xml_declaration=True))
