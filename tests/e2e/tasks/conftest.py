"""A team's project with thresholds in many places, measured once; each test takes a copy of it."""

import copy
import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PYTHON = "{}.{}".format(*sys.version_info[:2])
CONFIG = f"""# The roadmap of the team.
[tool.coverage-roadmap]  # all of it
source = ["src"]
tests = ["tests/unit"]
requirements = ["requirements-dev.txt"]
python = "{PYTHON}"
matrix = ["{PYTHON}", "3.14"]
workers = 1
threshold = 40   # what CI demands

[tool.coverage.report]
fail_under = 40  # where there is no .coveragerc

# -- the first step --
[[tool.coverage-roadmap.phases]]
name = "phase1"
title = "First step"
fail-under = 50   # half
exclude = ["tests/unit/test_beta.py"]
exit = [
  {{ criterion = "green" }},  # no failure
  {{ criterion = "threshold", at-least = 50 }},
  {{ criterion = "coverage", at-least = 51 }},
  {{ criterion = "board-closed", stories = ["alpha"] }},
]

[[tool.coverage-roadmap.phases.stories]]
id = "alpha"
modules = ["src/app/alpha.py"]
tests = ["tests/unit/test_alpha.py"]

# -- the second --
[[tool.coverage-roadmap.phases]]
name = "phase2"
fail-under = 80
exit = [{{ criterion = "green" }}, {{ criterion = "documented-in-pr", stories = ["beta"] }}]

[[tool.coverage-roadmap.phases.stories]]
id = "beta"
modules = ["src/app/beta.py"]
tests = ["tests/unit/test_beta.py"]
requires = ["pyfakefs"]
"""
FILES = {
    ".gitignore": "__pycache__/\n.pytest_cache/\n",
    "pyproject.toml": CONFIG,
    "pytest.ini": "[pytest]\npythonpath = src\naddopts = -q --cov-fail-under=40 -p no:cacheprovider\n",
    ".coveragerc": "[run]\nomit = none\n[report]\nfail_under = 40\n",
    "setup.cfg": (
        "[tool:pytest]\naddopts = --cov-fail-under 40\n[coverage:report]\nfail_under: 40\n[other]\nfail_under = 1\n"
    ),
    "tox.ini": "[pytest]\n; --cov-fail-under=10\naddopts =\n    --cov=src\n    --cov-fail-under=40\n",
    "requirements-dev.txt": "pytest\n# pyfakefs\n# for the streaming tests\n",
    "src/app/__init__.py": "",
    "src/app/core.py": "def name():\n    return 'core'\n",
    "src/app/alpha.py": (
        "def grade(value):\n    if value > 10:\n        return 'high'\n    if value < 0:\n        return 'below'\n"
        "    return 'low'\n"
    ),
    "src/app/beta.py": "def double(value):\n    return 2 * value\n\n\ndef triple(value):\n    return 3 * value\n",
    "tests/unit/test_core.py": "from app.core import name\n\n\ndef test_name():\n    assert name() == 'core'\n",
    "tests/unit/test_alpha.py": (
        "from app.alpha import grade\n\n\ndef test_high():\n    assert grade(11) == 'high'\n\n\n"
        "def test_low():\n    assert grade(5) == 'low'\n"
    ),
    "tests/unit/test_beta.py": "from app.beta import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
}
SITES = ("pyproject.toml", "pytest.ini", ".coveragerc", "setup.cfg", "tox.ini")


@pytest.fixture(scope="session")
def measured_once(open_project, tmp_path_factory):
    """The project, committed, with one real run of phase1: 58.33 %."""
    team = open_project(tmp_path_factory.mktemp("team") / "project")
    team.write(FILES)
    shutil.copy(ROOT / "tasks.py", team.root)
    team.commit()
    ran = team.run("run", "phase1")
    assert ran.code == 0, ran.out + ran.err
    return team


@pytest.fixture
def team(measured_once, open_project, tmp_path):
    """A copy of the measured project, to be changed at will."""
    shutil.copytree(measured_once.root, tmp_path / "project", symlinks=True)
    return open_project(tmp_path / "project")


@pytest.fixture
def edit():
    """Replace text in a file, which must hold it; all other bytes stay."""

    def replace(team, name, old, new):
        content = (team.root / name).read_bytes()
        assert old.encode() in content
        (team.root / name).write_bytes(content.replace(old.encode(), new.encode()))

    return replace


@pytest.fixture(scope="session")
def invoke():
    """Run an Invoke task as a user does; runs of blanks in `flat` are one, so that no test rests on the layout."""

    def run(team, *words, env=None):
        done = subprocess.run(
            [sys.executable, "-m", "invoke", *words],
            cwd=team.root,
            env={**team.env, **(env or {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        done.flat = re.sub(r"\s+", " ", done.stdout)
        return done

    return run


@pytest.fixture(scope="session")
def told():
    """What a command says for machines; its exit code is beside it."""

    def ask(team, *words, **options):
        ran = team.run(*words, "--format", "json", **options)
        assert ran.out, ran.err
        return ran.code, json.loads(ran.out)

    return ask


def _set(record, dotted, value):
    *above, last = dotted.split(".")
    for key in above:
        record = record[key]
    record[last] = value


@pytest.fixture(scope="session")
def forge():
    """Put a record beside the real one: like it, so many hours later (negative: earlier), with these changes.

    Those that begin with `tests__` are its detail's.
    """

    def put(team, hours=0.0, *, tree=None, **changes):
        runs = team.root / ".coverage-roadmap" / "runs"
        real = min(runs.iterdir(), key=lambda folder: (folder / "forged").exists())
        record = copy.deepcopy(json.loads((real / "summary.json").read_text()))
        at = datetime.fromisoformat(record["provenance"]["started"]).astimezone(UTC) + timedelta(hours=hours)
        record["id"] = f"{at:%Y%m%dT%H%M%S%f}Z-{changes.get('phase', record['phase'])}-{len(list(runs.iterdir())):08x}"
        record["provenance"]["started"] = at.isoformat()
        if tree:
            record["tree"]["source"] = record["provenance"]["head"]["source"] = tree
        folder = runs / record["id"]
        shutil.copytree(real, folder)
        detail = json.loads((real / "detail.json").read_text())
        for dotted, value in changes.items():
            _set(detail if dotted.startswith("tests__") else record, dotted.replace("__", "."), value)
        (folder / "detail.json").write_text(json.dumps(detail))
        (folder / "summary.json").write_text(json.dumps(record))
        (folder / "forged").touch()
        return record["id"]

    return put


@pytest.fixture
def ready(team):
    """Phase1 with all criteria met: the thresholds are bumped and committed."""
    assert team.run("bump", "--to", "50").code == 0
    team.commit()
    return team


@pytest.fixture(scope="session")
def contents():
    """The bytes of all files that may hold a threshold."""
    return lambda team: {name: (team.root / name).read_bytes() for name in SITES}


@pytest.fixture(scope="session")
def base_of():
    """The baseline that lies in the project."""
    return lambda team: json.loads((team.root / "coverage-baseline.json").read_text())


@pytest.fixture(scope="session")
def measured():
    """Commit all that lies there and run phase1, whole."""

    def measure(team):
        team.commit()
        ran = team.run("run", "phase1", "--gate", "none")
        assert team.record()["kind"] == "full", ran.out + ran.err

    return measure


@pytest.fixture
def based(team):
    """The measured project with a committed baseline."""
    assert team.run("baseline").code == 0
    team.commit()
    return team


@pytest.fixture
def branch(based):
    """A branch of the measured project with a committed baseline."""
    based.git("switch", "-qc", "feature")
    return based


@pytest.fixture(scope="session")
def found(told):
    """What `check` finds: its code, and rule, place and state of each finding, with `fails` where it does."""

    def ask(team, *words, **options):
        code, data = told(team, "check", *words, **options)
        assert data["failing"] == sum(one["fails"] for one in data["findings"])
        return code, [_said(one) for one in data["findings"]]

    return ask


def _said(one):
    place = one["file"] + (f":{one['line']}" if one["line"] else "")
    return f"{one['rule']} {place} {'fails' if one['fails'] else one['state']}"
