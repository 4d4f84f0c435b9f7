"""Gates that cannot fail, and thresholds that differ from place to place."""

from .base import WORKFLOW
from .case import Cheat, added, swap

FLOW = ".github/workflows/tests.yml"
GATE = "python -m pytest --cov=src --cov-fail-under=80\n"
MAKEFILE = "cover:\n\tpython -m pytest --cov=src --cov-fail-under=80\n"
OFF = "  build:\n    if: false\n    runs-on: ubuntu-latest\n    steps: [{ run: make }]\n"
STATUS = "coverage:\n  status:\n    project:\n      default:\n        target: 80%\n"
BARE = "[pytest]\npythonpath = src\naddopts = -q\n"
CHEATS = [
    Cheat(
        name="one file says 80, another 30",
        story="CI is red on a Friday, so the number in the workflow falls; `pytest.ini` and the config still say 80.",
        edit={FLOW: swap(("fail-under=80", "fail-under=30"))},
        rules=("DRIFT001",),
        twin_story="The threshold is raised, in every place.",
        twin={
            FLOW: swap(("fail-under=80", "fail-under=82")),
            "pytest.ini": swap(("fail-under=80", "fail-under=82")),
            "pyproject.toml": swap(("threshold = 80", "threshold = 82")),
        },
    ),
    Cheat(
        name="a threshold of 0",
        story="The option stays where everybody sees it, and demands 0.",
        edit={FLOW: swap(("fail-under=80", "fail-under=0"))},
        rules=("DRIFT001", "DRIFT002"),
        twin_story="The number is quoted, and is the same.",
        twin={FLOW: swap(("fail-under=80", '"fail-under=80"'), ('--cov-"fail', '"--cov-fail'))},
    ),
    Cheat(
        name="an empty settings file",
        story="An empty `pytest.toml` comes for what is new; pytest reads it, and `pytest.ini` with its gate no more.",
        edit={"pytest.toml": ""},
        rules=("DRIFT002",),
        twin_story="The settings move there, the gate with them.",
        twin={"pytest.toml": '[pytest]\npythonpath = ["src"]\naddopts = ["-q", "--cov=src", "--cov-fail-under=80"]\n'},
    ),
    Cheat(
        name="settings beside the tests, without a gate",
        story="`tests/pytest.ini` has a marker that only tests need; for `pytest tests` it is all that pytest reads.",
        edit={"tests/pytest.ini": "[pytest]\npythonpath = ../src\nmarkers = wide: slower\n"},
        rules=("DRIFT002",),
        twin_story="The marker stands in the project's settings.",
        twin={"pytest.ini": added("markers = wide: slower\n")},
    ),
    Cheat(
        name="|| true",
        story="`|| true` is put behind the command, while a flaky test is looked into.",
        edit={FLOW: swap((GATE, GATE.rstrip() + " || true\n"))},
        rules=("DRIFT002",),
        twin_story="What is put behind it says a word and fails.",
        twin={FLOW: swap((GATE, GATE.rstrip() + ' || { echo "see the report"; exit 1; }\n'))},
    ),
    Cheat(
        name="in the background",
        story="`&` stands behind the command, to make the job quicker; nobody waits for it.",
        edit={FLOW: swap((GATE, GATE.rstrip() + " &\n"))},
        rules=("DRIFT002",),
        twin_story="The script waits for it, and takes its exit status.",
        twin={FLOW: swap((GATE, GATE.rstrip() + " &\n          wait $!\n"))},
    ),
    Cheat(
        name="if it passes, say so",
        story="The command becomes the condition of an `if` that prints a word; where it fails, nothing happens.",
        edit={FLOW: swap((GATE, f"if {GATE.rstrip()}; then echo covered; fi\n"))},
        rules=("DRIFT002",),
        twin_story="Where it fails, the script does too.",
        twin={FLOW: swap((GATE, f"if {GATE.rstrip()}; then echo covered; else exit 1; fi\n"))},
    ),
    Cheat(
        name="a job that needs one that never runs",
        story="The job of the tests waits for a build that is switched off for now; it is skipped, and not red.",
        edit={FLOW: swap(("  tests:\n", f"{OFF}  tests:\n    needs: build\n"))},
        rules=("DRIFT002",),
        twin_story="The build is switched off, and the tests do not wait for it.",
        twin={FLOW: swap(("  tests:\n", f"{OFF}  tests:\n"))},
    ),
    Cheat(
        name="a gate on one file",
        story="The gate runs the test file that is well covered, since the whole takes too long.",
        edit={FLOW: swap((GATE, GATE.rstrip() + " tests/test_prices.py\n"))},
        rules=("DRIFT002",),
        twin_story="It names the folder of all tests.",
        twin={FLOW: swap((GATE, GATE.rstrip() + " tests/\n"))},
    ),
    Cheat(
        name="continue-on-error",
        story="The step may fail; its red cross is shown in a job that is green.",
        edit={FLOW: swap(("- name: tests\n", "- name: tests\n        continue-on-error: true\n"))},
        rules=("DRIFT002",),
        twin_story="The upload of a report may fail; the gate may not.",
        twin={
            FLOW: added(
                "      - name: keep the report\n        continue-on-error: true\n        run: python -m coverage html\n"
            )
        },
    ),
    Cheat(
        name="a pipe",
        story="The output goes through `tee` into a log, and the step's exit status is that of `tee`.",
        edit={FLOW: swap((GATE, GATE.rstrip() + " | tee tests.log\n"))},
        rules=("DRIFT002",),
        twin_story="The step's shell is `bash`, which GitHub starts with pipefail.",
        twin={
            FLOW: swap(
                (GATE, GATE.rstrip() + " | tee tests.log\n"),
                ("- name: tests\n", "- name: tests\n        shell: bash\n"),
            )
        },
    ),
    Cheat(
        name="a job that never runs",
        story="The job has `if: false` until the runners are faster.",
        edit={FLOW: swap(("    runs-on:", "    if: false\n    runs-on:"))},
        rules=("DRIFT002",),
        twin_story="The job runs on one kind of event.",
        twin={FLOW: swap(("    runs-on:", "    if: github.event_name == 'pull_request'\n    runs-on:"))},
    ),
    Cheat(
        name="the gate on a part of the tests",
        story="The gated step runs `-k prices`, the tests that reach the number.",
        edit={FLOW: swap((GATE, GATE.rstrip() + " -k prices\n"))},
        rules=("DRIFT002",),
        twin_story="A mark leaves slow tests out; all others count.",
        twin={FLOW: swap((GATE, GATE.rstrip() + ' -m "not slow"\n'))},
    ),
    Cheat(
        name="a later option wins",
        story="A second `--cov-fail-under` stands at the end of a long line, and the last one counts.",
        edit={FLOW: swap((GATE, GATE.rstrip() + " --cov-report=xml --cov-fail-under=10\n"))},
        rules=("DRIFT001", "DRIFT002"),
        twin_story="The option stands there once.",
        twin={FLOW: swap((GATE, "python -m pytest --cov=src --cov-report=xml --cov-fail-under=80\n"))},
    ),
    Cheat(
        name="a number that no commit changes",
        story="The workflow takes the threshold out of `vars`, where an admin may set it to 0 on any evening.",
        edit={FLOW: swap(("fail-under=80", "fail-under=${{ vars.COVERAGE }}"))},
        rules=("DRIFT002", "DRIFT003"),
        twin_story="It takes it out of the workflow's own `env`.",
        twin={FLOW: swap(("fail-under=80", "fail-under=${{ env.COV }}"), ("jobs:\n", "env: { COV: 80 }\njobs:\n"))},
    ),
    Cheat(
        name="a later addopt wins",
        story="`pytest.ini` demands 80, and 80 again three lines on; the next person lowers the second one only.",
        edit={"pytest.ini": added("    --strict-markers\n    --cov-fail-under=80\n")},
        rules=("DRIFT002",),
        twin_story="More options, and one threshold.",
        twin={"pytest.ini": added("    --strict-markers\n")},
    ),
    Cheat(
        name="--no-cov beside the gate",
        story="`--no-cov` is added to addopts for debuggers; pytest-cov then looks at no threshold.",
        edit={"pytest.ini": swap(("addopts = -q", "addopts = -q --no-cov"))},
        rules=("DRIFT002",),
        twin_story="The terminal report is switched off; the measurement is not.",
        twin={"pytest.ini": swap(("addopts = -q", "addopts = -q --cov-report="))},
    ),
    Cheat(
        name="a threshold without --cov",
        story="`--cov=src` goes, since it slows the tests; `--cov-fail-under=80` stays, and does nothing.",
        edit={"pytest.ini": BARE, FLOW: swap((" --cov=src", ""))},
        rules=("DRIFT002",),
        twin_story="It goes from the workflow, and stands in addopts.",
        twin={FLOW: swap((" --cov=src", ""))},
    ),
    Cheat(
        name="no gate at all",
        story="Both options go; the config's threshold still says 80, and nothing demands it.",
        edit={"pytest.ini": BARE, FLOW: swap((" --cov=src --cov-fail-under=80", ""))},
        rules=("DRIFT004",),
        twin_story="One gate goes, since another demands the same.",
        twin={"pytest.ini": BARE},
    ),
    Cheat(
        name="a gate that nobody starts",
        story="The workflow, the only gate, is started by hand from now on, `to save minutes of CI`. Nobody does.",
        edit={"pytest.ini": BARE, FLOW: swap(("on: [push, pull_request]", "on: workflow_dispatch"))},
        rules=("DRIFT004",),
        twin_story="It can be started by hand too.",
        twin={"pytest.ini": BARE, FLOW: swap(("on: [push, pull_request]", "on: [pull_request, workflow_dispatch]"))},
    ),
    Cheat(
        name="a Makefile that goes on",
        story="The target's line begins with `-`, and make passes over its failure.",
        edit={"Makefile": MAKEFILE.replace("\tpython", "\t-python")},
        rules=("DRIFT002",),
        twin_story="It begins with `@`, and make is merely quiet.",
        twin={"Makefile": MAKEFILE.replace("\tpython", "\t@python")},
    ),
    Cheat(
        name="a script that goes on",
        story="CI calls a script whose last command prints where the report is: that is its exit status.",
        edit={"cover.sh": f"#!/bin/sh\n{GATE}echo report in htmlcov\n"},
        rules=("DRIFT002",),
        twin_story="The script stops at an error.",
        twin={"cover.sh": f"#!/bin/sh\nset -e\n{GATE}echo report in htmlcov\n"},
    ),
    Cheat(
        name="a trap that forgives",
        story="CI calls a script that clears away at its end, by a trap whose last words are `exit 0`.",
        edit={"cover.sh": f"#!/bin/sh\ntrap 'rm -rf tmp; exit 0' EXIT\n{GATE}"},
        rules=("DRIFT002",),
        twin_story="The trap clears away, and leaves the exit status as it is.",
        twin={"cover.sh": f"#!/bin/sh\ntrap 'rm -rf tmp' EXIT\n{GATE}"},
    ),
    Cheat(
        name="a status that is switched off",
        story="`codecov.yml` demands the same as the others, and its status has `enabled: no` until winter is over.",
        edit={"codecov.yml": STATUS.replace("target", "enabled: no\n        target")},
        rules=("DRIFT002",),
        twin_story="The status that goes is that of the patch.",
        twin={"codecov.yml": STATUS + "    patch: off\n"},
    ),
    Cheat(
        name="a workflow that is no YAML",
        story="A tab and a lost quote: GitHub runs nothing of the file, and a check that does not run is not red.",
        edit={FLOW: WORKFLOW.replace("run: |", 'run: "|')},
        rules=("DRIFT002",),
        twin_story="The workflow is written anew, and can be read.",
        twin={FLOW: WORKFLOW.replace("name: tests\n        run", "name: all tests\n        run")},
    ),
]
