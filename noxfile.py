"""The roadmap's phases as sessions, made from the config, and this repository's own checks."""

import shlex
import sys

import nox

try:
    from coverage_roadmap.faces.nox import register
except ModuleNotFoundError:
    next_step = f"next: {sys.executable} -m pip install -r requirements-dev.txt"
    sys.exit(f"coverage-roadmap is not installed beside this nox\n  {next_step}")

register()
nox.options.sessions = ["lint", "types", "tests"]
BENCHES = ("", "_diff", "_pr_summary", "_standup", "_check", "_shards")
CHECKS = {
    "tests": ("Our own tests", ["-m pytest @.ci/tests-that-decide.args", "-m pytest @.ci/tests.args"]),
    "tests-slow": ("Our own tests that take longer", ["-m pytest -m slow -n2 --dist=loadscope"]),
    "lint": ("Ruff and the import contract", ["-m ruff check .", "-m ruff format --check .", ".ci/imports.py"]),
    "types": ("Strict typing", ["-m mypy"]),
    "build": ("The wheel and the source distribution", ["-m build --outdir dist"]),
    "docs": ("The pages that are written from the code; -- --check compares", [".ci/docs.py", ".ci/catalogue_page.py"]),
    "readme": ("README's figures and outputs from real runs; -- --check compares", [".ci/readme.py"]),
    "bench": ("Ours beside others, as ratios", [f".ci/bench{part}.py" for part in BENCHES]),
}


def _add_check(name: str, title: str, commands: list[str]) -> None:
    def check(session: nox.Session) -> None:
        for command in commands:
            words = [sys.executable, *shlex.split(command), *session.posargs]
            session.run(*words, external=True, env={"PYTHONDONTWRITEBYTECODE": None})  # compile once, run often

    check.__doc__ = title
    nox.session(check, name=name, python=False)


for session_name, check_of in CHECKS.items():
    _add_check(session_name, *check_of)
