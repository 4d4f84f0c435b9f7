"""Gates in settings files that no tool reads, since another file goes before them."""

from __future__ import annotations

import pytest

from coverage_roadmap.core.pytest_settings import homes
from coverage_roadmap.core.roadmap import Roadmap, build
from coverage_roadmap.core.sites.survey import survey
from coverage_roadmap.core.sites.unread import flaws, unread

ROADMAP = build(Roadmap, {"source": ["src"], "tests": ["tests"], "phases": [{"name": "phase1", "fail-under": 60}]})
GATE, TOML_GATE = "[pytest]\naddopts = --cov-fail-under=80\n", "[tool.coverage.report]\nfail_under = 80\n"


def told(texts: dict[str, str]) -> list[str]:
    sites = survey(texts, [], frozenset(), frozenset(), "pyproject.toml").sites
    return [f"{one.where} {one.what}" for one in flaws(sites, unread(texts, ROADMAP, homes(["tests"])))]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"pytest.ini": GATE}, []),
        ({"pytest.ini": GATE, "tox.ini": "[pytest]\naddopts = -q\n"}, []),
        ({"pytest.ini": GATE, "tox.ini": GATE}, []),
        ({"pytest.ini": GATE, "pytest.toml": '[pytest]\naddopts = ["--cov-fail-under=80"]\n'}, []),
        (
            {"pytest.ini": GATE, "pytest.toml": ""},
            ["pytest.toml:1 pytest reads it in place of pytest.ini, whose --cov-fail-under=80 demands nothing"],
        ),
        (
            {"pytest.ini": GATE, "tests/pytest.ini": "[pytest]\n"},
            ["tests/pytest.ini:1 pytest reads it in place of pytest.ini, whose --cov-fail-under=80 demands nothing"],
        ),
        ({"pyproject.toml": TOML_GATE}, []),
        ({"pyproject.toml": TOML_GATE, "setup.cfg": "[metadata]\n"}, []),
        ({"pyproject.toml": TOML_GATE, ".coveragerc": "[report]\nfail_under = 80\n"}, []),
        (
            {"pyproject.toml": TOML_GATE, ".coveragerc": "[run]\nbranch = true\n"},
            [".coveragerc:1 coverage reads it in place of pyproject.toml, whose fail_under = 80 demands nothing"],
        ),
        (
            {
                "pyproject.toml": TOML_GATE,
                "pytest.ini": "[pytest]\naddopts = --cov-config=ci.cfg\n",
                "ci.cfg": "[run]\n",
            },
            [],
        ),
    ],
)
def test_a_gate_in_a_file_that_is_passed_over_demands_nothing(texts: dict[str, str], expected: list[str]) -> None:
    assert told(texts) == expected
