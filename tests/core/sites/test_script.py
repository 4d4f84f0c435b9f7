import pytest

from coverage_roadmap.core.sites import outline

DASH = "a `-` before the command ignores its failure"


@pytest.mark.parametrize("file", ["Makefile", "x/GNUmakefile", "makefile", "rules.mk"])
def test_a_makefile_is_known_by_its_name(look, file):
    assert look(file, "test:\n\tpytest --cov --cov-fail-under=60\n").sites == ["2 60 command"]


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("test: ; pytest\n\t@pytest --cov --cov-fail-under=60\n", ["2 60 command"]),
        ("t:\r\n\tpytest --cov \\\r\n\t  --cov-fail-under=60\r\n", ["3 60 command"]),
        (
            "t:\n\tcd api && pytest --cov --cov-fail-under=60\n\tcoverage report --fail-under=70\n",
            ["2 60 command api", "3 70 command"],
        ),
        ("COV_FAIL_UNDER ?= 60 # now\n", ["1 60 variable"]),
        ("export COVERAGE_MIN := 60\n", ["1 60 variable"]),
        ("t: COV_FAIL_UNDER=60\n", ["1 60 variable"]),
        ("MIN = 60\nt:\n\tpytest --cov --cov-fail-under=$(MIN)\n", ["1 60 variable"]),
        ("OTHER = 60\nt:\n\tpytest --cov\n", []),
        ("ARGS = --cov --cov-fail-under=60\nt:\n\tpytest $(ARGS)\n", ["1 60 command"]),
        ("# pytest --cov-fail-under=60\n# COV_FAIL_UNDER=60", []),
    ],
)
def test_recipes_and_variables_of_a_makefile_hold_sites(look, text, sites):
    seen = look("Makefile", text)
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ("t:\n\t-pytest --cov --cov-fail-under=60\n", [f"2 {DASH}"]),
        ("t:\n\t@- pytest --cov --cov-fail-under=60\n", [f"2 {DASH}"]),
        (
            ".IGNORE:\nt:\n\tpytest --cov --cov-fail-under=60\n",
            ["3 a line .IGNORE: without targets ignores every failure"],
        ),
        (".IGNORE: clean\nt:\n\tpytest --cov --cov-fail-under=60\n", []),
        (
            "t:\n\tpytest --cov --cov-fail-under=60; exit 0\n",
            ["2 its failure is lost: other commands follow, and the shell does not stop at an error"],
        ),
        ("t:\n\tpytest --cov --cov-fail-under=60\n\texit 0\n", []),
        (".SHELLFLAGS := -e -c\nt:\n\tpytest --cov --cov-fail-under=60; exit 0\n", []),
        (
            "t:\n\tpytest --cov --cov-fail-under=60 | tee x\n",
            ["2 its exit status is that of the last command of a pipe, without pipefail"],
        ),
        (".SHELLFLAGS = -eu -o pipefail -c\nt:\n\tpytest --cov --cov-fail-under=60 | tee x\n", []),
    ],
)
def test_what_make_lets_pass_is_a_flaw(look, text, flaws):
    assert look("Makefile", text).flaws == flaws


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("ci/test.sh", "pytest --cov --cov-fail-under=60"),
        ("ci/test.bash", "pytest --cov --cov-fail-under=60"),
        ("ci/run", "#!/usr/bin/env bash\npytest --cov --cov-fail-under=60"),
        ("ci/run", "#!/bin/sh -e\npytest --cov --cov-fail-under=60"),
    ],
)
def test_a_shell_script_is_known_by_its_name_or_its_first_line(look, file, text):
    assert [site.partition(" ")[2] for site in look(file, text).sites] == ["60 command"]


def test_a_script_without_a_word_of_tests_is_passed_over(look):
    assert look("x.sh", "echo THRESHOLD=60").sites == []


def test_what_a_script_says_are_its_words():
    assert outline("x.sh", "a 'b c' # d\n") == [((), "a"), ((), "b c")]
    assert outline("Makefile", "a: b\n") == [((), "a:"), ((), "b")]
