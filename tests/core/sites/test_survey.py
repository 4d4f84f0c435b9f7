"""All files with sites together: the project's own, and those at the git root that name it."""

import pytest

from coverage_roadmap.core.sites.survey import runs_a_gate, survey

OWN = frozenset({"apps/one", "apps/one/pyproject.toml"})
CONFIG = '[tool.coverage-roadmap]\nthreshold = 40\n[[tool.coverage-roadmap.phases]]\nname = "phase1"\nfail-under = 40\n'


def workflow(run, folder=""):
    place = f"\n        working-directory: {folder}" if folder else ""
    return f"on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: {run}{place}\n"


def seen(texts, outside=(), own=OWN, phases=frozenset()):
    found = survey(texts, outside, own, phases, "pyproject.toml")
    return (
        sorted(f"{one.where} {one.value}" for one in found.sites),
        [f"{one.where} {one.reason}" for one in found.unclear],
        [f"{one.where} {one.what}" for one in found.flaws],
    )


CI = "../../.github/workflows/ci.yml"
RUN = "pytest --cov=src --cov-fail-under=40"


def test_the_sites_of_all_files_of_the_project_are_joined():
    texts = {
        "pyproject.toml": CONFIG,
        "pytest.ini": "[pytest]\naddopts = --cov --cov-fail-under=50\n",
        ".coveragerc": "[report]\nfail_under = 60\n",
        "README.md": "--cov-fail-under=90",
    }
    assert seen(texts) == ([".coveragerc:2 60", "pyproject.toml:2 40", "pytest.ini:2 50"], [], [])


def test_the_threshold_of_another_roadmaps_config_is_none_of_ours():
    other = {"tools/pyproject.toml": CONFIG + "[tool.coverage.report]\nfail_under = 30\n"}
    assert seen(other)[0] == ["tools/pyproject.toml:7 30"]


@pytest.mark.parametrize(
    ("folder", "is_ours", "unclear"),
    [
        ("apps/one", True, False),
        ("./apps/one/", True, False),
        ("apps/one/src", True, False),
        ("apps/two", False, False),
        ("apps", False, False),
        (".", False, True),
        ("", False, True),
    ],
)
def test_a_site_at_the_git_root_is_ours_where_its_step_names_us(folder, is_ours, unclear):
    sites, told, _ = seen({CI: workflow(RUN, folder)}, outside=[CI])
    assert sites == ([f"{CI}:6 40"] if is_ours else [])
    assert told == ([f"{CI}:6 it does not say which project it is for"] if unclear else [])


def test_a_site_in_the_project_itself_need_not_name_it():
    own = ".github/workflows/ci.yml"
    assert seen({own: workflow(RUN)})[0] == [f"{own}:6 40"]


def test_pytests_own_options_and_the_phases_are_known_where_commands_are_read():
    addopts = {"pytest.ini": "[pytest]\naddopts = --cov=src --cov-fail-under=40\n"}
    shell = {"run.sh": "#!/bin/sh\npytest || true\n"}
    assert seen({**addopts, **shell})[2] != []
    assert seen(shell)[2] == []
    nox = {"run.sh": "#!/bin/sh\nnox -s phase1 || true\n"}
    assert seen(nox, phases=frozenset({"phase1"}))[2] != []
    assert seen(nox)[2] == []


@pytest.mark.parametrize(
    ("command", "gates"),
    [
        ("nox -s phase1", True),
        ("python -m nox -s lint phase1 -- -x", True),
        ("coverage-roadmap run phase1", True),
        ('nox -s "$SESSION" -- --gate threshold', True),
        ("nox -s $SESSION -- --gate='threshold'", True),
        ("nox -s phase1 -- --gate none", False),
        ("nox -s phase1 -- --gate=none", False),
        ("nox -s phase10", False),
        ("nox -s phase1 -- --shard 1/2", False),
        ("nox -s $SESSION -- --gate threshold --shard 1/2", False),
        ("nox -s combine -- artifacts/", True),
        ("coverage-roadmap combine artifacts/", True),
        ("coverage-roadmap combine --gate none artifacts/", False),
        ("nox -s lint\n# phase1", False),
        ("coverage-roadmap status --phase phase1", False),
        ("pytest", False),
    ],
)
def test_a_command_that_runs_a_phase_is_a_gate_unless_it_says_none(command, gates):
    assert runs_a_gate({"README": "", "ci.yml": workflow(command)}, ["phase1", "a.b"], {"pyproject.toml"}) is gates
    assert not runs_a_gate({"pyproject.toml": command}, ["phase1"], {"pyproject.toml"})


@pytest.mark.parametrize(
    ("events", "by_hand"),
    [
        ("on: workflow_dispatch", True),
        ("on: [workflow_dispatch]", True),
        ("on:\n  workflow_dispatch:\n    inputs: {}", True),
        ("'on': {workflow_dispatch: }", True),
        ("on: push", False),
        ("on: [workflow_dispatch, push]", False),
        ("on: {workflow_dispatch: , schedule: [{cron: '0 3 * * 1'}]}", False),
        ("on: workflow_call", False),
        ("name: nothing starts it", False),
    ],
)
def test_a_workflow_that_somebody_has_to_start_is_told(events, by_hand):
    text = workflow(RUN).replace("on: push", events)
    found = survey({CI: text, "pyproject.toml": CONFIG}, [], OWN, frozenset(), "pyproject.toml")
    assert found.by_hand == ((CI,) if by_hand else ())
    assert CI in {one.file for one in found.sites}
