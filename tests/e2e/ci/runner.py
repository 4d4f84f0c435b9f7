"""A small runner of GitHub's workflows: it runs their `run` steps as they stand, each job in a clone of its own.

Actions are played by stand-ins: checkout is a clone, setup-python puts that Python on the path, artifacts are folders,
a cache keeps nothing. An expression that it does not know is an error, never empty text.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
LONGEST = 400
KEPT = ("HOME", "LANG", "LC_ALL", "PIP_", "UV_", "SSL_")


@dataclass
class Job:
    """What became of a job."""

    name: str
    ok: bool
    log: str
    outputs: dict[str, str]
    summary: str
    workspace: Path


@dataclass
class Runner:
    """Runs one workflow of a repository at a commit."""

    origin: Path
    commit: str
    folder: Path
    github: Mapping[str, Any]
    env: Mapping[str, str]
    pythons: Mapping[str, str]
    """The interpreters by their versions."""
    programs: Sequence[str] = ("/usr/bin", "/bin")
    """Where a runner's own programs are."""
    jobs: dict[str, list[Job]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """The repository's; one that is not set is empty, as there."""

    def run(self, workflow: Path) -> dict[str, list[Job]]:
        """Run each job once those that it needs have ended."""
        told = yaml.load(workflow.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for name, job in told["jobs"].items():
            self.jobs[name] = []
            needed = job.get("needs", [])
            failed = any(not one.ok for n in ([needed] if isinstance(needed, str) else needed) for one in self.jobs[n])
            if failed and "if" not in job:
                continue
            for number, values in enumerate(self._matrix(job)):
                self.jobs[name].append(self._job(told, name, job, number, values))
        return self.jobs

    def _matrix(self, job: dict[str, Any]) -> list[dict[str, Any]]:
        wanted = job.get("strategy", {}).get("matrix")
        return self._value(wanted, {})["include"] if wanted else [{}]

    def _job(self, told: dict[str, Any], name: str, job: dict[str, Any], number: int, values: dict[str, Any]) -> Job:
        place = self.folder / f"{name}-{number}"
        temp, files = place / "temp", place / "files"
        for path in (temp, files):
            path.mkdir(parents=True)
        known: dict[str, Any] = {
            "github": {**self.github, "job": name},
            "runner": {"temp": str(temp), "os": "Linux", "arch": "X64"},
            "matrix": values,
            "steps": {},
            "secrets": self.secrets,
        }
        done = Job(name, True, "", {}, "", place / "work")
        path = [*self.programs]
        assert job["permissions"], "a job says what it may do"
        assert told["defaults"]["run"]["shell"] == "bash"
        for count, step in enumerate(job["steps"]):
            if not (done.ok or step.get("if") == "${{ !cancelled() }}"):
                continue
            if "uses" in step:
                self._stand_in(step, known, done, temp, path)
                continue
            written = {key: files / f"{key}-{count}" for key in ("OUTPUT", "PATH", "STEP_SUMMARY")}
            for file in written.values():
                file.touch()
            given = {**told.get("env", {}), **step.get("env", {})}
            env = {
                **{key: value for key, value in os.environ.items() if key.startswith(KEPT)},
                **self.env,
                **{key: str(self._value(text, known)) for key, text in given.items()},
                **{f"GITHUB_{key}": str(file) for key, file in written.items()},
                **{"CI": "true", "GITHUB_ACTIONS": "true", "RUNNER_TEMP": str(temp), "PATH": os.pathsep.join(path)},
            }
            assert "${{" not in step["run"], "an expression stands in a script"
            script = files / f"script-{count}.sh"
            script.write_text(step["run"], encoding="utf-8")
            words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
            work = done.workspace / told["defaults"]["run"].get("working-directory", ".")
            ran = subprocess.run(words, cwd=work, env=env, capture_output=True, text=True, timeout=LONGEST, check=False)
            done.ok = done.ok and ran.returncode == 0
            done.log += f"\n== {step.get('name')} ({ran.returncode})\n{ran.stdout}{ran.stderr}"
            done.summary += written["STEP_SUMMARY"].read_text(encoding="utf-8")
            path[:0] = written["PATH"].read_text().split()
            outputs = dict(line.split("=", 1) for line in written["OUTPUT"].read_text().splitlines())
            known["steps"][step.get("id")] = {"outputs": outputs}
        done.outputs = {key: str(self._value(text, known)) for key, text in job.get("outputs", {}).items()}
        return done

    def _stand_in(self, step: dict[str, Any], known: dict[str, Any], done: Job, temp: Path, path: list[str]) -> None:
        given = {key: str(self._value(text, known)) for key, text in step.get("with", {}).items()}
        artifacts = self.folder / "artifacts"
        match step["uses"].split("@")[0]:
            case "actions/checkout":
                assert given == {"fetch-depth": "0", "persist-credentials": "false"}
                self._git("clone", "--quiet", "--no-checkout", str(self.origin), str(done.workspace))
                self._git("-C", str(done.workspace), "checkout", "--quiet", "--detach", self.commit)
            case "actions/setup-python":
                for version in given["python-version"].split():
                    folder = temp / f"python-{version}"
                    folder.mkdir(exist_ok=True)
                    (folder / f"python{version}").unlink(missing_ok=True)
                    (folder / f"python{version}").symlink_to(self.pythons[version])
                    path.insert(0, str(folder))
            case "actions/cache" | "actions/cache/save":
                assert "${{" not in given["key"]
            case "actions/upload-artifact":
                shutil.copytree(given["path"], artifacts / given["name"])
            case "actions/download-artifact":
                Path(given["path"]).mkdir(parents=True)
                for one in sorted(artifacts.glob(given["pattern"])):
                    shutil.copytree(one, Path(given["path"]) / one.name)
            case other:
                raise AssertionError(f"no stand-in for {other}")

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], check=True, timeout=60, env={**os.environ, **self.env})

    def _value(self, text: str, known: dict[str, Any]) -> Any:
        """A value with its expressions worked out; one that is an expression as a whole keeps its kind."""
        if whole := EXPRESSION.fullmatch(text):
            return self._worked_out(whole[1], known)
        return EXPRESSION.sub(lambda found: str(self._worked_out(found[1], known)), text)

    def _worked_out(self, expression: str, known: dict[str, Any]) -> Any:
        if inner := re.fullmatch(r"fromJSON\((.*)\)", expression):
            return json.loads(self._worked_out(inner[1], known))
        if " || " in expression:
            worked_out = (self._worked_out(one, known) for one in expression.split(" || "))
            return next((value for value in worked_out if value), "")
        needs = {name: {"outputs": jobs[0].outputs} for name, jobs in self.jobs.items() if jobs}
        value: Any = {**known, "needs": needs}
        for word in expression.split("."):
            value = value.get(word, "") if value is self.secrets else value[word]
        return value
