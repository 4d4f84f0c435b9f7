"""The steps and jobs that GitHub's workflows share."""

from __future__ import annotations

import math

from msgspec import Struct

from coverage_roadmap.core.ci import actions, shell
from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.ci.value import Room, Table, Value
from coverage_roadmap.core.roadmap import Roadmap

SETUP_MINUTES = 15
"""What a job may take beside what it is for: checkout, Pythons, environments."""
OTHER_MINUTES = 30
"""What a job may take that runs no tests."""
ARTIFACTS = "${{ runner.temp }}/coverage-artifacts"
ALWAYS = "${{ !cancelled() }}"


class Jobs(Struct, frozen=True):
    """Makes the parts for one config at its place."""

    roadmap: Roadmap
    place: Place

    def workflow(self, title: str, on: Value, group: str, jobs: Table, *, cancel: bool = False) -> Table:
        """A workflow without permissions of its own: each of its jobs says what it needs."""
        env: Table = {"NOX_DOWNLOAD_PYTHON": "never"}
        if self.place.variable:
            env["COVERAGE_ROADMAP_CONFIG"] = self.place.variable
        defaults: Table = {"shell": "bash"}
        if self.place.folder != ".":
            defaults["working-directory"] = self.place.folder
        return {
            "name": f"{self.place.name}: {title}",
            "on": on,
            "permissions": {},
            "concurrency": {"group": f"{self.place.name}-{group}", "cancel-in-progress": cancel},
            "env": env,
            "defaults": {"run": defaults},
            "jobs": jobs,
        }

    def job(self, minutes: int, permissions: Table, steps: list[Value], **more: Value) -> Table:
        """A job; `more` stands above its steps."""
        labels = self.roadmap.ci.runner
        runs_on: Value = labels[0] if len(labels) == 1 else [*labels]
        ahead = {key.replace("_", "-"): value for key, value in more.items()}
        return {**ahead, "runs-on": runs_on, "timeout-minutes": minutes, "permissions": permissions, "steps": steps}

    def set_up(self, room: str, leg: str = "") -> list[Value]:
        """Check out, and have the suite on the path; with the Python of a leg beside its own where that is named."""
        suite = shell.suite_python(self.roadmap)
        checkout: Table = {
            "uses": actions.CHECKOUT.used(),
            "with": {"fetch-depth": 0, "persist-credentials": False},
        }
        versions = f"{leg}\n{suite}\n" if leg and leg != suite else suite
        python: Table = {"uses": actions.SETUP_PYTHON.used(), "with": {"python-version": versions}}
        install = shell.install(
            self.roadmap, f"python{suite}", "$RUNNER_TEMP/suite", 'echo "$RUNNER_TEMP/suite/bin" >> "$GITHUB_PATH"'
        )
        return [
            checkout,
            *([python] if self.roadmap.ci.setup_python else []),
            Room(room),
            {"name": "Install the suite", "run": install},
        ]

    def environments(self, leg: str, *, fresh: bool = False) -> tuple[list[Value], list[Value]]:
        """Keep nox's environments from one run to the next, as long as what they are made from is the same.

        Args:
            leg: the Python.
            fresh: make them anew, and keep them for others: what becomes evidence rests on nothing that was kept.

        Returns:
            The steps before the job's own work, and those after it.
        """
        told: Table = {
            "name": "Tell what the environment is made from",
            "id": "made",
            "run": shell.fingerprint(self.roadmap, self.place),
            "env": {"LEG": leg},
        }
        kept: Table = {
            "path": f"{self.place.from_top('.nox')}\n~/.cache/pip\n",
            "key": f"{self.place.name}-${{{{ github.job }}}}-${{{{ runner.os }}}}-${{{{ runner.arch }}}}"
            "-${{ steps.made.outputs.environment }}",
        }
        if fresh:
            return [told], [{"uses": actions.CACHE_SAVE.used(), "with": kept}]
        return [told, {"uses": actions.CACHE.used(), "with": kept}], []

    def plan(self) -> Table:
        """Plan the jobs of the matrix."""
        steps: list[Value] = [
            *self.set_up("steps of plan"),
            {"name": "Plan", "id": "matrix", "run": "coverage-roadmap matrix"},
        ]
        outputs: Table = {"matrix": "${{ steps.matrix.outputs.matrix }}"}
        return self.job(OTHER_MINUTES, {"contents": "read"}, steps, outputs=outputs)

    def measure(self, *, fresh: bool = False) -> Table:
        """Measure one share on one Python; `fresh` as for environments."""
        limit = math.ceil(self.roadmap.timeout / 60) + SETUP_MINUTES
        strategy: Table = {"fail-fast": False, "matrix": "${{ fromJSON(needs.plan.outputs.matrix) }}"}
        if self.roadmap.ci.max_parallel:
            strategy["max-parallel"] = self.roadmap.ci.max_parallel
        before, after = self.environments("${{ matrix.python }}", fresh=fresh)
        steps: list[Value] = [
            *self.set_up("steps of measure", "${{ matrix.python }}"),
            *before,
            {
                "name": "Measure",
                "run": shell.MEASURE,
                "env": {"SESSION": "${{ matrix.session }}", "ARGUMENTS": "${{ matrix.arguments }}"},
            },
            {
                "if": ALWAYS,
                "uses": actions.UPLOAD.used(),
                "with": {
                    "name": "${{ matrix.artifact }}",
                    "path": "${{ runner.temp }}/coverage-artifact/",
                    "if-no-files-found": "error",
                    "include-hidden-files": True,
                    "overwrite": True,
                    "retention-days": 14,
                },
            },
            *after,
        ]
        made = self.job(limit, {"contents": "read"}, steps, name="${{ matrix.name }}", needs="plan", strategy=strategy)
        return {**made, "room": Room("keys of measure")}

    def combine(self, permissions: Table, then: list[Value], *, fresh: bool = False) -> Table:
        """Join the shares and judge them once; `fresh` as for environments.

        It runs, and fails, where the jobs before it failed: a job that is skipped counts as passed.
        """
        leg = self.roadmap.canonical or shell.suite_python(self.roadmap)
        before, after = self.environments(leg, fresh=fresh)
        steps: list[Value] = [
            *self.set_up("steps of combine", leg),
            *before,
            {
                "uses": actions.DOWNLOAD.used(),
                "with": {"pattern": "coverage-*", "path": ARTIFACTS},
            },
            {"name": "Combine", "run": shell.COMBINE},
            *then,
            *after,
        ]
        made = self.job(OTHER_MINUTES, permissions, steps, needs=["plan", "measure"])
        return {"if": ALWAYS, **made}
