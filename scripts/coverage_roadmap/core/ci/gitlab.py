"""GitLab's pipeline, made from the config: a file to include, the jobs' templates, and the child made at run time."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence

from coverage_roadmap.core.ci import shell
from coverage_roadmap.core.ci.jobs import OTHER_MINUTES, SETUP_MINUTES
from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.ci.value import Document, Room, Table, Value
from coverage_roadmap.core.matrix import Job
from coverage_roadmap.core.roadmap import Roadmap
from coverage_roadmap.errors import UsageError

FOLDER = ".gitlab"
MOST_JOBS = 200
"""So many GitLab takes in one `parallel:matrix`."""
_CHILD = "coverage-child.yml"
_ARTIFACTS = "$CI_PROJECT_DIR/coverage-artifacts"
_REGEXP = r"/^total\s+(\d+(?:\.\d+)?) %/"
"""Where the report of `combine` says the total."""


def documents(roadmap: Roadmap, place: Place) -> list[Document]:
    """The file that a `.gitlab-ci.yml` includes, and the templates that its child pipeline includes.

    Raises:
        UsageError: the suite cannot run in an image that holds the job's Python alone.
    """
    old = [python for python in roadmap.matrix if tuple(map(int, python.split("."))) < shell.OLDEST_SUITE]
    if old and "{python}" in roadmap.ci.image:
        told = f"holds Python {old[0]} alone, on which the suite does not run"
        raise UsageError(told, where=f"ci.image {roadmap.ci.image}", next_step="name an image that has 3.12 too")
    templates = f"{FOLDER}/{place.name}-jobs.yml"
    return [
        Document(f"{FOLDER}/{place.name}.yml", _pipeline(roadmap, place, templates)),
        Document(templates, _templates(roadmap, place)),
    ]


def child(place: Place, jobs: Sequence[Job]) -> Document:
    """The child pipeline: the jobs of the matrix, and the one that combines them.

    Raises:
        UsageError: there are more than GitLab takes.
    """
    if len(jobs) > MOST_JOBS:
        told = f"{len(jobs)} jobs are more than the {MOST_JOBS} of a parallel:matrix"
        raise UsageError(told, next_step="lower ci.max-shards")
    matrix: list[Value] = [
        {"PYTHON": j.python, "SESSION": j.session, "ARGUMENTS": " ".join(j.arguments), "ARTIFACT": j.artifact}
        for j in jobs
    ]
    measure: Table = {"extends": f".{place.name}-measure", "parallel": {"matrix": matrix}}
    combine: Table = {"extends": f".{place.name}-combine", "needs": ["measure"]}
    return Document(_CHILD, {"workflow": {"rules": [{"when": "always"}]}, "measure": measure, "combine": combine})


def _pipeline(roadmap: Roadmap, place: Place, templates: str) -> Table:
    """For merge requests and the default branch: plan, then start the child."""
    merge: Table = {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}
    pushed: Table = {"if": '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'}
    rules: list[Value] = [merge, pushed]
    base: Table = {"variables": {"COVERAGE_BASE": "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}}
    suite = shell.suite_python(roadmap)
    plan: Table = {
        **_job(roadmap, place, OTHER_MINUTES, suite),
        "rules": rules,
        "script": [f"coverage-roadmap ci --provider gitlab --child {_CHILD}"],
        "artifacts": {"paths": [place.from_top(_CHILD)], "expire_in": "1 day"},
        "room": Room("keys of plan"),
    }
    start: Table = {
        "needs": [f"{place.name}-plan"],
        "rules": [{**merge, **base}, pushed],
        "trigger": {
            "include": [{"artifact": place.from_top(_CHILD), "job": f"{place.name}-plan"}, {"local": f"/{templates}"}],
            "strategy": "depend",
        },
    }
    return {f"{place.name}-plan": plan, place.name: start}


def _templates(roadmap: Roadmap, place: Place) -> Table:
    canonical = roadmap.canonical or shell.suite_python(roadmap)
    measure: Table = {
        **_job(roadmap, place, math.ceil(roadmap.timeout / 60) + SETUP_MINUTES, "$PYTHON"),
        "script": [
            f'mkdir -p "{_ARTIFACTS}"',
            'read -ra words <<< "$ARGUMENTS"',
            f'nox -s "$SESSION" -- "${{words[@]}}" --artifact "{_ARTIFACTS}/$ARTIFACT"',
        ],
        "artifacts": {"when": "always", "paths": ["coverage-artifacts/"], "expire_in": "1 week"},
        "room": Room("keys of measure"),
    }
    combine: Table = {
        **_job(roadmap, place, OTHER_MINUTES, canonical),
        "when": "always",
        "script": [
            f'nox -s combine -- "{_ARTIFACTS}" --gate threshold --require-legs',
            'coverage-roadmap history.show --canonical --format cobertura > "$CI_PROJECT_DIR/coverage.xml"',
            'if [ -n "${COVERAGE_BASE:-}" ]; then\n'
            '  coverage-roadmap check --since "$COVERAGE_BASE" --require-measurement\n'
            "fi\n",
        ],
        "coverage": _REGEXP,
        "artifacts": {
            "when": "always",
            "reports": {"coverage_report": {"coverage_format": "cobertura", "path": "coverage.xml"}},
            "expire_in": "1 week",
        },
        "room": Room("keys of combine"),
    }
    return {f".{place.name}-measure": measure, f".{place.name}-combine": combine}


def _job(roadmap: Roadmap, place: Place, minutes: int, python: str) -> Table:
    variables: Table = {"GIT_DEPTH": "0", "NOX_DOWNLOAD_PYTHON": "never"}
    if place.variable:
        variables["COVERAGE_ROADMAP_CONFIG"] = place.variable.replace("$", "$$")
    enter = [] if place.folder == "." else [f"cd {shlex.quote(place.folder)}"]
    install = shell.install(roadmap, f"python{python}", "$suite", 'PATH="$suite/bin:$PATH"')
    tags: Table = {} if roadmap.ci.runner == ["ubuntu-latest"] else {"tags": [*roadmap.ci.runner]}
    return {
        "image": roadmap.ci.image.replace("{python}", python),
        **tags,
        "timeout": f"{minutes} minutes",
        "variables": variables,
        "before_script": [*enter, "suite=$(mktemp -d)", install],
    }
