"""Which file pytest takes its settings from, beside what pytest itself says."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.config.findpaths import determine_setup

from coverage_roadmap.core import pytest_settings
from coverage_roadmap.core.pytest_settings import find, homes, shadowed

OWN, OTHER = "[pytest]\naddopts = -q\n", "[tool:pytest]\naddopts = -q\n"


@pytest.mark.parametrize(
    ("tests", "texts", "words"),
    [
        (["tests"], {}, ()),
        (["tests"], {"pytest.ini": OWN}, ()),
        (["tests"], {"pytest.ini": OWN, "tests/pytest.ini": OWN}, ()),
        (["tests"], {"pytest.ini": OWN, "tests/tox.ini": "[tox]\n", "tests/setup.cfg": OTHER}, ()),
        (["tests"], {"pytest.ini": OWN, "tests/.pytest.toml": ""}, ()),
        (["tests/unit", "tests/wide"], {"pytest.ini": OWN, "tests/pytest.ini": OWN, "tests/unit/pytest.ini": OWN}, ()),
        (["tests/unit"], {"pytest.ini": OWN, "tests/unit/pyproject.toml": "[tool.pytest.ini_options]\nx = '1'\n"}, ()),
        (["tests/unit"], {"pytest.ini": OWN, "tests/unit/pyproject.toml": "[tool.other]\n"}, ()),
        (["tests/unit/test_a.py::test_b", "tests/unit/"], {"tests/unit/pytest.ini": OWN}, ()),
        (["tests", "more"], {"more/pytest.ini": OWN}, ()),
        (["tests", "more"], {"more/pytest.ini": OWN, "pyproject.toml": ""}, ()),
        (["tests", "."], {"tests/pytest.ini": OWN, "tox.ini": OWN}, ()),
        (["tests"], {"../pytest.ini": OWN}, ()),
        (["tests"], {"pytest.ini": OWN, "ci/own.ini": OWN}, ("-c", "ci/own.ini")),
        (["tests"], {"pytest.ini": OWN, "ci/own.ini": OWN}, ("--config-file=ci/own.ini",)),
    ],
)
def test_the_file_is_found_where_pytest_finds_it(
    tests: list[str], texts: dict[str, str], words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    for folder in ("tests/unit", "tests/wide", "more", "ci"):
        (project / folder).mkdir(parents=True)
    (project / "tests/unit/test_a.py").write_text("", encoding="utf-8")
    for name, text in texts.items():
        (project / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    told = determine_setup(
        inifile=pytest_settings.named(words),
        override_ini=None,
        args=tests,
        rootdir_cmd_arg=None,
        invocation_dir=project,
    )[1]
    found = find(texts, homes(tests, above=1), words).file
    if found:
        assert (project / found).resolve() == told
    else:  # pytest names a pyproject.toml that holds no settings
        assert told is None or told.name == "pyproject.toml"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], None),
        (["-q", "-k", "c"], None),
        (["-c", "./a.ini"], "a.ini"),
        (["-ca.ini"], "a.ini"),
        (["--config-file=a.ini", "-x"], "a.ini"),
        (["--config-file", "a.ini"], "a.ini"),
    ],
)
def test_a_file_is_named_by_an_option(words: list[str], expected: str | None) -> None:
    assert pytest_settings.named(words) == expected


def test_a_named_file_that_is_not_there_says_nothing() -> None:
    assert find({"pytest.ini": OWN}, words=["-c", "none.ini"]).addopts == []


@pytest.mark.parametrize("name", ["own.ini", "own.cfg", "own.toml"])
def test_a_named_file_is_read_by_its_ending(name: str) -> None:
    texts = {"own.ini": OWN, "own.cfg": OTHER, "own.toml": '[tool.pytest.ini_options]\naddopts = "-q"\n'}
    assert find(texts, words=["-c", name]).addopts == ["-q"]


def test_no_tests_are_those_of_the_project() -> None:
    assert homes([]) == [[""]]


def test_what_stands_in_a_file_that_pytest_does_not_read_is_told() -> None:
    texts = {"pytest.ini": OWN, "tox.ini": OWN, "setup.cfg": "[metadata]\n", "tests/pytest.ini": OWN}
    assert shadowed(texts, homes(["tests"])) == {"pytest.ini": "tests/pytest.ini", "tox.ini": "tests/pytest.ini"}
    assert shadowed(texts) == {"tox.ini": "pytest.ini"}
    assert shadowed({}) == {}
