"""The embedded project is what it says: real modules, tests that find mutants, the same figures on every leg."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOOTBALL = ROOT / "examples" / "football"
ROADMAP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage-roadmap"]
STORIES = [story for phase in ROADMAP["phases"] for story in phase["stories"]]
MODULES = sorted({module for story in STORIES for module in story["modules"]})


def imports(path):
    """The modules that a file of the project imports, as paths."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from (name.replace(".", "/") + ".py" for name in names)


def statements(path):
    """Statements as the parser sees them, docstrings aside: fewer than coverage.py counts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return sum(isinstance(node, ast.stmt) and not _is_docstring(node) for node in ast.walk(tree))


def _is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_the_ten_modules_are_there_are_real_and_are_used_by_others():
    assert len(MODULES) == 10
    used = {name for path in (FOOTBALL / "src").rglob("*.py") for name in imports(path) if name != str(path)}
    for module in MODULES:
        assert statements(FOOTBALL / module) >= 80
        assert module in used


def test_the_project_is_as_large_as_a_service_is():
    sizes = [statements(path) for path in (FOOTBALL / "src").rglob("*.py")]
    assert sum(size > 0 for size in sizes) >= 25
    assert sum(sizes) >= 2500


def test_nothing_but_the_helper_scripts_is_left_out_of_the_measurement():
    settings = (FOOTBALL / ".coveragerc").read_text(encoding="utf-8")
    assert "omit =\n    scripts/*\n" in settings
    assert not [path for path in (FOOTBALL / "src").rglob("*.py") if "pragma: no cover" in path.read_text("utf-8")]


def environment_of(session):
    """The interpreter of a session's environment, made where it is not there."""
    done = subprocess.run([sys.executable, "-m", "nox", "-s", session, "--install-only"], cwd=ROOT, check=False)
    assert done.returncode == 0
    return str(ROOT / ".nox" / session.replace(".", "-") / "bin" / "python")


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_each_story_s_tests_find_at_least_80_percent_of_20_mutants():
    script = str(FOOTBALL / "scripts" / "seed_mutants.py")
    command = [environment_of("phase3"), script, "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, cwd=FOOTBALL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.slow
@pytest.mark.parametrize("leg", ["3.12", "3.13"])
def test_another_leg_gives_the_figures_of_the_plain_command(leg, tmp_path):
    answers = subprocess.run([f"python{leg}", "-c", ""], check=False) if shutil.which(f"python{leg}") else None
    if answers is None or answers.returncode:
        assert os.environ.get("CI") != "true", f"Python {leg} is missing"
        pytest.skip(f"Python {leg} is not here")
    session = f"phase2-{leg}"
    python = environment_of(session)
    ran = subprocess.run([sys.executable, "-m", "nox", "-s", session], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout[-3000:]
    newest = max((FOOTBALL / ".coverage-roadmap" / "runs").glob("*-phase2-*"))
    summary = json.loads((newest / "summary.json").read_text())
    assert summary["provenance"]["leg"] == {"python": leg, "implementation": "cpython", "canonical": False}
    assert summary["provenance"]["core"] == "sysmon"
    plain = tmp_path / "plain.json"
    ignored = [f"--ignore={path}" for path in ROADMAP["phases"][0]["exclude"]]
    words = ["--cov=src", f"--cov-report=json:{plain}", "--cov-fail-under=0", "-q", *ignored, *ROADMAP["tests"]]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("COV", "PYTEST"))}
    env |= {"COVERAGE_FILE": str(tmp_path / "data"), "COVERAGE_CORE": "ctrace"}
    subprocess.run([python, "-m", "pytest", *words], cwd=FOOTBALL, env=env, check=True, capture_output=True)
    detail = json.loads((newest / "detail.json").read_text())["files"]
    expected = json.loads(plain.read_text())["files"]
    assert {name: missing(file[1]) for name, file in detail.items()} == {
        name: file["missing_lines"] for name, file in expected.items()
    }
    assert summary["totals"]["statements"] == sum(f["summary"]["num_statements"] for f in expected.values())


def missing(spans):
    """Ranges as single lines."""
    return [line for first, last in spans for line in range(first, last + 1)]
