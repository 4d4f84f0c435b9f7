"""GitHub's workflows, made from the config."""

from __future__ import annotations

import re

from coverage_roadmap.core.baseline import FILE
from coverage_roadmap.core.ci import actions, shell
from coverage_roadmap.core.ci.jobs import ALWAYS, OTHER_MINUTES, Jobs
from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.ci.value import Document, Noted, Room, Table, Value
from coverage_roadmap.core.roadmap import Roadmap

FOLDER = ".github/workflows"
_SHORT_MINUTES = 10
_MIRROR_AS = "${{ secrets.COVERAGE_ROADMAP_TOKEN || github.token }}"
"""A team's own, where it mirrors to a project, which the job's own token may not touch."""
_READS = (
    "zizmor: ignore[dangerous-triggers] it checks out nothing, runs nothing of the pull request, and takes what that"
    " left for hostile"
)


def documents(roadmap: Roadmap, place: Place) -> list[Document]:
    """All workflows of a config."""
    jobs = Jobs(roadmap, place)
    made = {"pull-request": _pull_request(jobs), "comment": _comment(jobs), "push": _push(jobs)}
    if roadmap.ci.schedule:
        made["weekly"] = _weekly(jobs)
    return [Document(f"{FOLDER}/{place.name}-{name}.yml", content) for name, content in made.items()]


def _marker(place: Place) -> str:
    return f"<!-- coverage-roadmap: comment of {place.name} -->"


def _pull_request(jobs: Jobs) -> Table:
    """Measure, combine, judge and summarise; what is to be said of it is left for the workflow that may say it."""
    env: Table = {"BASE": "${{ github.event.pull_request.base.sha }}"}
    then: list[Value] = [
        {"if": ALWAYS, "name": "Check", "run": shell.CHECK, "env": env},
        {"if": ALWAYS, "name": "Hold the workflows to the config", "run": shell.HOLD},
        {
            "if": ALWAYS,
            "name": "Summarise",
            "run": shell.SUMMARISE,
            "env": {**env, "PULL_REQUEST": "${{ github.event.number }}", "MARKER": _marker(jobs.place)},
        },
        {
            "if": ALWAYS,
            "uses": actions.UPLOAD.used(),
            "with": {
                "name": "comment",
                "path": "${{ runner.temp }}/coverage-comment/",
                "if-no-files-found": "error",
                "include-hidden-files": True,
                "overwrite": True,
                "retention-days": 14,
            },
        },
    ]
    parts: Table = {
        "plan": jobs.plan(),
        "measure": jobs.measure(),
        "combine": jobs.combine({"contents": "read"}, then),
        "room": Room("jobs"),
    }
    return jobs.workflow("pull request", {"pull_request": {}}, "${{ github.ref }}", parts, cancel=True)


def _comment(jobs: Jobs) -> Table:
    """Put the summary under its pull request, from a fork too; nothing that came with it is trusted."""
    event = "github.event.workflow_run"
    steps: list[Value] = [
        {
            "uses": actions.DOWNLOAD.used(),
            "with": {
                "name": "comment",
                "path": "${{ runner.temp }}/coverage-comment",
                "run-id": f"${{{{ {event}.id }}}}",
                "github-token": "${{ github.token }}",
            },
        },
        {
            "name": "Comment",
            "run": shell.COMMENT,
            "env": {
                "GH_TOKEN": "${{ github.token }}",
                "HEAD_SHA": f"${{{{ {event}.head_sha }}}}",
                "MARKER": _marker(jobs.place),
            },
        },
    ]
    ended = f"({event}.conclusion == 'success' || {event}.conclusion == 'failure')"
    wanted = f"${{{{ {event}.event == 'pull_request' && {ended} }}}}"
    job: Table = {"if": wanted, **jobs.job(_SHORT_MINUTES, {"actions": "read", "pull-requests": "write"}, steps)}
    on: Value = Noted(
        {"workflow_run": {"workflows": [f"{jobs.place.name}: pull request"], "types": ["completed"]}}, _READS
    )
    made = jobs.workflow("comment", on, f"comment-${{{{ {event}.head_sha }}}}", {"comment": job})
    return {**{key: value for key, value in made.items() if key != "env"}, "defaults": {"run": {"shell": "bash"}}}


def _push(jobs: Jobs) -> Table:
    """Measure what came onto the default branch, publish its record, and propose a higher threshold."""
    publish: Table = {
        "if": ALWAYS,
        "name": "Publish the history",
        "run": shell.PUBLISH,
        "env": {"GH_TOKEN": "${{ github.token }}"},
    }
    parts: Table = {
        "plan": jobs.plan(),
        "measure": jobs.measure(fresh=True),
        "combine": jobs.combine({"contents": "write"}, [publish], fresh=True),
    }
    if jobs.roadmap.ci.ratchet:
        parts["ratchet"] = _ratchet(jobs)
    parts["room"] = Room("jobs")
    on: Value = {"push": {"branches": [_literal(jobs.place.branch)]}}
    return jobs.workflow("push", on, "${{ github.sha }}", parts)


def _ratchet(jobs: Jobs) -> Table:
    place = jobs.place
    title = "Raise the coverage threshold to what is measured"
    env: Table = {
        "GH_TOKEN": "${{ github.token }}",
        "BRANCH": f"{place.name}-ratchet",
        "DEFAULT_BRANCH": place.branch,
        "TITLE": f"{title} ({place.slug})" if place.slug else title,
        "TEXT": "Proposed by coverage-roadmap: what is measured on the default branch permits it.",
    }
    steps: list[Value] = [
        *jobs.set_up("steps of ratchet"),
        {"name": "Raise", "run": shell.RATCHET, "env": {"BASELINE": place.from_folder(FILE)}},
        {"name": "Propose", "run": shell.PROPOSE, "env": env},
    ]
    permissions: Table = {"contents": "write", "pull-requests": "write"}
    alone: Table = {"group": f"{place.name}-ratchet", "cancel-in-progress": False}
    return jobs.job(OTHER_MINUTES, permissions, steps, needs="combine", concurrency=alone)


def _weekly(jobs: Jobs) -> Table:
    """The stand-up's checklist, what the week did to coverage, and the tracker's mirror where there is a tracker."""
    tracked = jobs.roadmap.board.tracker == "github"
    asks: Table = {"env": {"GITHUB_TOKEN": _MIRROR_AS}} if tracked else {}
    reads: Table = {"issues": "read", "pull-requests": "read"} if tracked else {}
    stand_up: Table = {"name": "Stand-up", "run": 'coverage-roadmap standup --format md >> "$GITHUB_STEP_SUMMARY"'}
    steps: list[Value] = [
        *jobs.set_up("steps of weekly"),
        {**stand_up, **asks},
        {"if": ALWAYS, "name": "Diff", "run": shell.DIFF},
        _kept("coverage-diff"),
    ]
    if jobs.roadmap.ci.dashboard:
        steps += [{"if": ALWAYS, "name": "Dashboard", "run": shell.DASHBOARD, **asks}, _kept("coverage-dashboard")]
    parts: Table = {"weekly": jobs.job(OTHER_MINUTES, {"contents": "read", **reads}, steps)}
    if tracked:
        mirror: list[Value] = [
            *jobs.set_up("steps of mirror"),
            {"name": "Mirror", "run": "coverage-roadmap mirror --apply", **asks},
            {"if": ALWAYS, "name": "Post the stand-up", "run": "coverage-roadmap standup --post", **asks},
        ]
        writes: Table = {"contents": "read", "issues": "write", "pull-requests": "read"}
        parts["mirror"] = jobs.job(OTHER_MINUTES, writes, mirror)
    parts["room"] = Room("jobs")
    on: Value = {"schedule": [{"cron": jobs.roadmap.ci.schedule}], "workflow_dispatch": {}}
    return jobs.workflow("weekly", on, "weekly", parts)


def _kept(name: str) -> Table:
    """A folder of the week's as an artifact."""
    folder = f"${{{{ runner.temp }}}}/{name}/"
    given: Table = {"name": name, "path": folder, "include-hidden-files": True, "overwrite": True}
    return {"if": ALWAYS, "uses": actions.UPLOAD.used(), "with": given}


def _literal(branch: str) -> str:
    """A branch's name where GitHub looks for a pattern; git itself permits no other sign of one."""
    return re.sub(r"(^!|\+)", r"\\\1", branch)
