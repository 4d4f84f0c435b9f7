"""What a project's files may hold to mislead: names that steer a terminal, forged journals, thieves of the plugin."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # phase runs for each

STEERING = ("\x1b", "\x07", "\x9b", "\u202e", "\u2028", "\r")


def test_hostile_test_ids_and_reasons_are_shown_harmless(project, columns):
    code = (
        "import pytest\n\n\n"
        "@pytest.mark.parametrize('x', ['a\\nphase1  All is well\\ntotal  100 %', '\\x1b[2J\\x1b]0;owned\\x07', "
        "'\\u202egpj', 'y' * 3000, '\\udc80'], ids=lambda x: x)\n"
        "def test_it(x):\n"
        "    raise ValueError('\\x1b[31mred\\nnext line\\u2028' + x.encode('utf-8', 'replace').decode())\n"
    )
    project.write({"tests/unit/test_hostile.py": code})
    ran = project.run("run", "phase1", "-q", "--no-summary", "--tb=no")
    assert ran.code == 1
    text = "\n".join(ran.report)
    assert not [sign for sign in STEERING if sign in text]
    assert "All is well" not in ran.value("phase1")
    assert len([line for line in ran.report if line.startswith("total ")]) == 1
    assert len(project.record()["outcomes"]["failed"]) == 5


def test_hostile_file_names_are_shown_harmless_and_measured(project, columns):
    name = "tests/unit/test_\x1b[2J\u202e.py"
    project.write({name: "def test_no():\n    assert False\n", "src/app/\x1b[31mred.py": "A = 1\n"})
    ran = project.run("run", "phase1")
    assert ran.code == 1
    assert not [sign for sign in STEERING if sign in "\n".join(ran.report)]
    assert max(map(columns, ran.report)) <= 80


def test_a_hostile_branch_and_title_are_shown_harmless(project):
    text = (project.root / "pyproject.toml").read_text().replace("First step", "\\u001b[2JFirst\\nstep")
    project.write({"pyproject.toml": text})
    project.git("checkout", "-q", "-b", "wild/\u202ex")
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert not [sign for sign in STEERING if sign in "\n".join(ran.report)]
    assert "\u202e" not in project.record()["provenance"]["branch"]


def test_a_test_that_switches_coverage_off_cannot_raise_the_figure(project):
    code = "import coverage\n\n\ndef test_off():\n    coverage.Coverage.current().erase()\n"
    project.write({"tests/unit/test_aaa.py": code})
    ran = project.run("run", "phase1", "--gate=none")
    totals = project.record()["totals"]
    assert totals["statements"] in (0, 12)
    assert totals["missing"] >= 5 or totals["statements"] == 0
    assert "Traceback" not in ran.err


HABITS = {
    "chdir": "import os\n\n\ndef test_it(tmp_path):\n    os.chdir(tmp_path)\n",
    "clock": "import time\n\n\ndef test_it(monkeypatch):\n    monkeypatch.setattr(time, 'monotonic', lambda: 9e9)\n",
    "environ": "import os\n\n\ndef test_it():\n    os.environ.clear()\n",
    "fork": "import os\n\n\ndef test_it():\n    pid = os.fork()\n    os._exit(0) if not pid else os.wait()\n",
    "fs": "def test_it(fs):\n    fs.create_file('/x')\n",
    "json": "import json\n\n\ndef test_it(monkeypatch):\n    monkeypatch.setattr(json, 'dumps', None)\n",
    "signals": "import signal\n\n\ndef test_it():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n",
    "warns": "import logging, warnings\n\n\ndef test_it():\n    warnings.warn('x')\n    logging.error('\\x1b[2J')\n",
    "write": "import os\n\n\ndef test_it(monkeypatch):\n    monkeypatch.setattr(os, 'write', None)\n",
}


@pytest.mark.parametrize("workers", [1, 2])
def test_tests_with_odd_habits_are_measured_all_the_same(project, workers):
    project.write({f"tests/unit/test_aaa_{name}.py": code for name, code in HABITS.items()})
    text = (project.root / "pyproject.toml").read_text()
    project.write({"pyproject.toml": text.replace("workers = 1", f"workers = {workers}")})
    ran = project.run("run", "phase1", "--gate=none")
    record = project.record()
    assert ran.code == 0, ran.out + ran.err
    assert (record["kind"], record["totals"]["missing"]) == ("full", 5)
    assert record["outcomes"]["passed"] == 3 + len(HABITS)
    assert record["provenance"]["workers"] == workers


def test_a_source_that_does_not_parse_is_a_message_and_never_a_figure(project):
    project.write({"src/app/broken.py": "def (:\n"})
    ran = project.run("run", "phase1")
    assert ran.code in (1, 3)
    assert "broken.py" in ran.out + ran.err
    assert "Traceback" not in ran.err


def test_a_source_that_changes_while_it_runs_is_not_full(project):
    code = "import pathlib\n\n\ndef test_edits():\n    pathlib.Path('src/app/extra.py').write_text('X = 1\\n')\n"
    project.write({"tests/unit/test_edits.py": code})
    project.commit()
    ran = project.run("run", "phase1")
    record = project.record()
    assert (record["kind"], record["reasons"]) == ("partial", ["source changed while it ran"])
    assert "source changed while it ran" in ran.value("run")


@pytest.mark.parametrize(
    "text",
    ["[run]\nomit\n", "[run\n", "[run]\nbranch = maybe\n", "[run]\nplugins = no_such\n", "[report]\nfail_under = x\n"],
)
def test_a_coveragerc_that_coverage_refuses_is_a_failed_run(project, text):
    project.write({".coveragerc": text})
    ran = project.run("run", "phase1")
    assert ran.code == 3
    assert "Traceback" not in ran.err
    assert "pytest cannot start: " in ran.err
    assert project.record()["kind"] == "failed"


@pytest.mark.parametrize("text", ["[pytest]\naddopts = --no-such\n", "[pytest\n", "[pytest]\naddopts = 'open\n"])
def test_a_pytest_ini_that_pytest_refuses_is_a_failed_run(project, text):
    project.write({"pytest.ini": text})
    ran = project.run("run", "phase1")
    assert ran.code == 3
    assert "Traceback" not in ran.err
    assert project.records() == [] or project.record()["kind"] == "failed"


def test_a_module_beside_the_tests_that_bears_a_librarys_name_harms_only_itself(project):
    project.write({"json.py": "raise ImportError('mine')\n", "src/platform.py": "X = 1\n", "random.py": "1/0\n"})
    script = str(Path(sys.executable).with_name("coverage-roadmap"))
    for command in ([script], [sys.executable, "-P", "-m", "coverage_roadmap"]):
        done = subprocess.run(
            [*command, "run", "phase1", "--gate=none"],
            **{"cwd": project.root, "env": project.env, "capture_output": True, "text": True, "check": False},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "53.84 % (7 of 13 lines)" in done.stdout
