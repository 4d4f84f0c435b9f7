"""Coverage.py's settings out of the texts of settings files, beside what coverage.py itself makes of them."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import coverage
import pytest
from coverage.config import DEFAULT_EXCLUDE, DEFAULT_PARTIAL
from coverage.exceptions import CoverageException
from coverage.files import find_python_files

from coverage_roadmap.core import pytest_settings, settings, settings_text
from coverage_roadmap.core.settings import Settings, resolve

INI = "[run]\nomit =\n    a/*\n    b.py, c.py\nbranch = yes\n[report]\nexclude_also =\n    # no\n    x{2,3}\n"
PYPROJECT = "[tool.coverage.run]\nomit = ['p/*']\n"
TEXTS = {
    "nothing": {},
    "its own file": {".coveragerc": INI},
    "an empty file of its own comes first": {".coveragerc": "", "pyproject.toml": PYPROJECT},
    "prefixed sections in its own file": {".coveragerc": "[coverage:run]\nomit = a\n[run]\nomit = b\nbranch = 1\n"},
    "its own toml": {".coveragerc.toml": "[run]\nbranch = true\nomit = ['a', '$HERE/b']\n[tool.coverage.report]\n"},
    "setup.cfg": {"setup.cfg": "[coverage:run]\nbranch = on\n", "pyproject.toml": PYPROJECT},
    "setup.cfg without settings": {"setup.cfg": "[metadata]\nname = a\n[run]\nomit = z\n", "pyproject.toml": PYPROJECT},
    "setup.cfg with another section": {"setup.cfg": "[coverage:html]\ntitle = a\n", "pyproject.toml": PYPROJECT},
    "setup.cfg with paths": {"setup.cfg": "[coverage:paths]\nsource =\n    a\n", "pyproject.toml": PYPROJECT},
    "setup.cfg with no known option": {"setup.cfg": "[coverage:run]\nno_such = 1\n", "pyproject.toml": PYPROJECT},
    "tox.ini": {"tox.ini": "[coverage:report]\nomit = t/*\ninclude = u/*\nignore_errors = true\n"},
    "pyproject": {"pyproject.toml": "[tool.coverage.report]\nexclude_lines = ['a', ' b ', '']\npartial_also = ['p']\n"},
    "both omits": {".coveragerc": "[run]\nomit = a\n[report]\nomit = b\npartial_branches = c\n"},
    "namespaces and plugins": {
        ".coveragerc": "[run]\nplugins = p\nsource_pkgs = q\n[report]\ninclude_namespace_packages = 1\n"
    },
    "variables": {".coveragerc": "[run]\nomit = $HERE/a, ${HERE}/b, ${NONE-c,d}, $NONE, $$e, ${HERE?}\n"},
    "a variable that must be there": {".coveragerc": "[run]\nomit = ${NONE?}\n"},
    "a toml boolean as text": {".coveragerc.toml": "[run]\nbranch = 'true'\n"},
    "no toml boolean": {".coveragerc.toml": "[run]\nbranch = 'yes'\n"},
    "no boolean": {".coveragerc": "[run]\nbranch = perhaps\n"},
    "no list": {"pyproject.toml": "[tool.coverage.run]\nomit = 'a'\n"},
    "no list of strings": {"pyproject.toml": "[tool.coverage.run]\nomit = [1]\n"},
    "no expression": {".coveragerc": "[report]\nexclude_lines = (\n"},
    "expressions that cannot stand together": {".coveragerc": "[report]\nexclude_lines =\n    (?i)a\n    (?i)b\n"},
    "an expression that can stand alone": {".coveragerc": "[report]\nexclude_lines = (?i)a\n"},
    "no toml": {"pyproject.toml": "[tool.coverage\n"},
    "no ini": {"setup.cfg": "a\n"},
    "an option twice": {".coveragerc": "[run]\nomit = a\nomit = b\n"},
    "an option without a value": {".coveragerc": "[run]\nomit\n  b\n"},
    "no pattern": {".coveragerc": "[run]\nomit = a**b\n"},
    "a default section": {".coveragerc": "[DEFAULT]\nomit = a\n[run]\nbranch = 0\n"},
}


@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_settings_are_resolved_as_coverage_resolves_them(
    texts: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HERE", "here")
    monkeypatch.delenv("NONE", raising=False)
    found = resolve(texts, ["src"], variables=os.environ)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cov = coverage.Coverage(data_file=None, messages=False)
            if cov.get_option("report:exclude_lines"):
                cov._exclude_regex("exclude")
                coverage.misc.re.compile(cov._exclude_regex("exclude"))
            coverage.files.GlobMatcher(coverage.files.prep_patterns(cov.config.run_omit))
    except (CoverageException, coverage.misc.re.error):
        assert found.problem
        assert (found.omit, found.exclude, found.branch) == ((), tuple(DEFAULT_EXCLUDE), False)
        return
    config = cov.config
    assert found.problem == ""
    assert found.omit == (*config.run_omit, *(config.report_omit or ()))
    assert found.include == tuple(config.report_include or ())
    assert found.exclude == tuple(config.exclude_list)
    assert found.partial == tuple(config.partial_list)
    assert found.branch == config.branch
    assert found.plugins == tuple(config.plugins)
    assert found.packages == tuple(config.source_pkgs)
    assert found.ignore_errors == config.ignore_errors
    assert found.namespaces == config.include_namespace_packages
    assert found.file == (Path(config.config_file).name if config.config_file else "")


def test_our_default_for_branches_is_coverages() -> None:
    assert list(settings.DEFAULT_PARTIAL) == DEFAULT_PARTIAL


@pytest.mark.parametrize(
    ("texts", "words", "expected"),
    [
        ({}, (), None),
        ({"pytest.ini": "[pytest]\naddopts = -q --cov-config=ci.cfg\n"}, (), "ci.cfg"),
        ({"pytest.ini": "[pytest]\naddopts = --cov-config ci.cfg -q\n"}, (), "ci.cfg"),
        ({"pytest.ini": "[pytest]\naddopts = --cov-config=a.cfg\n"}, ("--cov-config=b.cfg",), "b.cfg"),
        ({"pytest.ini": "[pytest]\naddopts = --cov-config=.coveragerc\n"}, (), None),
        ({"pytest.toml": "[pytest]\naddopts = ['--cov-config', 'ci.cfg', 1]\n"}, (), "ci.cfg"),
        ({"pytest.toml": "", "pytest.ini": "[pytest]\naddopts = --cov-config=a\n"}, (), None),
        ({"pyproject.toml": "[tool.pytest]\naddopts = ['--cov-config=a']\n"}, (), "a"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--cov-config=a'\n"}, (), "a"),
        ({"pyproject.toml": "[tool]\npytest = 1\n", "tox.ini": "[pytest]\naddopts = --cov-config=t\n"}, (), "t"),
        ({"tox.ini": "[tox]\n", "setup.cfg": "[tool:pytest]\naddopts = --cov-config=s\n"}, (), "s"),
        ({"pytest.ini": "[pytest]\naddopts = 'open\n"}, (), None),
        ({"pytest.ini": "no section\n"}, (), None),
        ({"pytest.ini": "[pytest]\nkey\n  below\n"}, (), None),
        ({"pytest.ini": "[pytest]\naddopts\n"}, (), None),
    ],
)
def test_a_named_file_is_found_in_pytests_settings(
    texts: dict[str, str], words: tuple[str, ...], expected: str | None
) -> None:
    assert settings.named_file(pytest_settings.find(texts), words) == expected


def test_a_named_file_takes_the_place_of_all_others() -> None:
    texts = {".coveragerc": INI, "ci.cfg": "[run]\nomit = ci/*\n"}
    found = resolve(texts, ["src"], ["--cov-config=ci.cfg"])
    assert (found.file, found.omit) == ("ci.cfg", ("ci/*",))


def test_a_named_file_that_is_not_there_is_a_problem() -> None:
    found = resolve({".coveragerc": INI}, ["src"], ["--cov-config=ci.cfg"])
    assert found.problem == "ci.cfg: is named by --cov-config, and cannot be read"


@pytest.mark.parametrize("where", ["words", "addopts"])
def test_branches_are_measured_where_pytest_is_told_so(where: str) -> None:
    texts = {"pytest.ini": "[pytest]\naddopts = --cov-branch\n"} if where == "addopts" else {}
    words = ["--cov-branch"] if where == "words" else []
    assert resolve(texts, ["src"], words).branch
    assert resolve({**texts, ".coveragerc": "[run]\nbranch = no\n"}, ["src"], words).branch


def test_the_roadmaps_source_takes_the_place_of_coverages_and_its_source_dirs_are_added() -> None:
    texts = {".coveragerc": "[run]\nsource = other\nsource_dirs = lib/, src\n"}
    assert resolve(texts, ["./src", "src/"]).source == ("src", "lib")


FILES = ["src/a.py", "src/pkg/b.py", "src/pkg/b.pyi", "tests/t.py", "srcs/c.py", "../src/d.py", "e.pyw"]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Settings(("src",)), ["src/a.py", "src/pkg/b.py"]),
        (Settings(("src/a.py", "tests")), ["src/a.py", "tests/t.py"]),
        (Settings((".",)), ["src/a.py", "src/pkg/b.py", "tests/t.py", "srcs/c.py", "e.pyw"]),
        (Settings((".",), omit=("tests/*", "*.pyw")), ["src/a.py", "src/pkg/b.py", "srcs/c.py"]),
        (Settings((".",), include=("*/pkg/*", "e.*")), ["src/pkg/b.py", "e.pyw"]),
        (Settings((".",), include=("src/*",), omit=("/p/src/pkg/*",)), ["src/a.py"]),
    ],
)
def test_files_below_a_source_are_measured_unless_omitted(found: Settings, expected: list[str]) -> None:
    assert list(settings.measured(found, FILES, "/p")) == expected


@pytest.mark.parametrize("namespaces", [False, True])
def test_files_that_coverage_does_not_look_for_are_loose(tmp_path: Path, namespaces: bool) -> None:
    names = ["a.py", "pkg/__init__.py", "pkg/b.py", "pkg/c.d.py", "pkg/bare/e.py", "bare/f.py", "bare/in/__init__.py"]
    files = [f"src/{name}" for name in names]
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    looked = {
        Path(file).relative_to(tmp_path).as_posix() for file in find_python_files(str(tmp_path / "src"), namespaces)
    }
    found = settings.loose(Settings(("src",), namespaces=namespaces), files, frozenset(files))
    assert set(files) - found == looked


def test_a_file_counts_if_any_source_finds_it() -> None:
    files = ["src/bare/a.py", "top.py", "deep/b.py"]
    assert settings.loose(Settings((".", "src/bare")), files, frozenset(files)) == {"deep/b.py"}


def test_an_unusable_expression_says_in_which_option_it_stands() -> None:
    with pytest.raises(ValueError, match="exclude_also holds '\\('"):
        settings_text.proved("(", "exclude_also")
