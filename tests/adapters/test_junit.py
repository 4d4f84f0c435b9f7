"""Pytest's JUnit XML as a second witness, from real runs and from broken files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coverage_roadmap.adapters import junit
from coverage_roadmap.errors import RecordError

TESTS = """
import pytest
def test_passes(): print("<testcase>")
def test_fails(): assert 0, "\\x1b[31m & < > ü 試"
@pytest.mark.skip
def test_skipped(): pass
@pytest.mark.parametrize("x", ["a<b", "ü", '"'])
def test_many(x): pass
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    (tmp_path / "test_a.py").write_text(TESTS, encoding="utf-8")
    words = ["-q", "-p", "no:cacheprovider", "-o", "addopts=", "--junitxml=junit.xml", "test_a.py"]
    done = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1, done.stdout
    return tmp_path / "junit.xml"


def test_the_tests_of_a_real_run_are_counted(report: Path) -> None:
    assert junit.count_tests(report) == 6


def test_a_truncated_file_is_named(report: Path) -> None:
    report.write_bytes(report.read_bytes()[:-20])
    with pytest.raises(RecordError, match=f"{report}: cannot be read: "):
        junit.count_tests(report)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><testsuites>&b;</testsuites>'


@pytest.mark.parametrize(
    "text",
    [
        ENTITIES,
        '<?xml version="1.0"?>\n' + ENTITIES,
        f"<!--{'x' * 5000}-->" + ENTITIES,
        '<!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuites/>',
    ],
    ids=["at the start", "after the declaration", "after a long comment", "an outer one"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_wherever_they_are_declared(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(text, encoding=encoding)
    with pytest.raises(RecordError, match="declares entities"):
        junit.count_tests(path)


@pytest.mark.parametrize("data", [b"", b"no XML", b"<a><b></a>", b"\x00\xff\x00", b"<a>&nope;</a>"])
def test_what_is_no_xml_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "junit.xml").write_bytes(data)
    with pytest.raises(RecordError, match="cannot be read: "):
        junit.count_tests(tmp_path / "junit.xml")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be read: No such file"):
        junit.count_tests(tmp_path / "junit.xml")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "junit.xml").open("wb") as file:
        file.truncate(junit.LARGEST + 1)
    with pytest.raises(RecordError, match="is larger than 1 GiB"):
        junit.count_tests(tmp_path / "junit.xml")


def test_a_hundred_thousand_tests_are_counted(tmp_path: Path) -> None:
    cases = '<testcase name="x"><failure message="no">long</failure></testcase>' * 100_000
    (tmp_path / "junit.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    assert junit.count_tests(tmp_path / "junit.xml") == 100_000


def test_files_are_joined_to_one(tmp_path):
    parts = [tmp_path / "a.xml", tmp_path / "b.xml"]
    parts[0].write_text('<testsuites><testsuite name="é"><testcase name="1"/></testsuite></testsuites>')
    parts[1].write_text('<testsuite><testcase name="2"/><testcase name="3"/></testsuite>')
    junit.join(parts, tmp_path / "whole.xml")
    assert junit.count_tests(tmp_path / "whole.xml") == 3
    junit.join([], tmp_path / "none.xml")
    assert junit.count_tests(tmp_path / "none.xml") == 0


def test_a_file_that_cannot_be_read_is_not_joined(tmp_path):
    with pytest.raises(RecordError, match="cannot be read"):
        junit.join([tmp_path / "gone.xml"], tmp_path / "whole.xml")
