"""Starts pytest inside the project's own environment, and says first what it runs on.

Stands alone, as the plugin beside it does, for Python 3.9 and later. It is run by path.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys

VARIABLE = "COVERAGE_ROADMAP_RUN"
NEEDED = ("pytest", "pytest-cov", "coverage")
TOLD = ("pytest-timeout", "pytest-xdist", "pytest-randomly", "pytest-rerunfailures")


def main() -> int:
    """Look at what is installed, write it to the journal, then be pytest."""
    settings = json.loads(os.environ[VARIABLE])
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if path != here] + [here]
    versions = {}
    for name in (*NEEDED, *TOLD):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    workers = settings["workers"] if "pytest-xdist" in versions else 1
    if workers > 1 and names_contexts():
        workers = 1
    needed = (*NEEDED, "pytest-timeout") if settings["test_timeout"] else NEEDED
    missing = [name for name in needed if name not in versions]
    words = ["-p", "coverage_roadmap_plugin", *settings["words"]]
    if settings["test_timeout"]:
        words = ["--timeout=%s" % settings["test_timeout"], "--timeout-method=signal", *words]
    if workers > 1:
        words = ["-n", str(workers), *words]
    if os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        plugins = [
            "pytest_cov",
            *(["timeout"] if settings["test_timeout"] else []),
            *(["xdist"] if workers > 1 else []),
        ]
        words = [word for plugin in plugins for word in ("-p", plugin)] + words
    settings.update(own_words=len(words), workers=workers)
    os.environ[VARIABLE] = json.dumps(settings)
    event = {
        "type": "start",
        "python": "%d.%d" % sys.version_info[:2],
        "implementation": sys.implementation.name,
        "executable": sys.executable,
        "versions": {**versions, "python": platform.python_version()},
        "workers": workers,
        "missing": missing,
    }
    with open(settings["journal"], "a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")
    if missing:
        return 4
    sys.argv[:] = ["pytest", *words]
    import pytest
    from coverage.exceptions import CoverageException

    try:
        return int(pytest.main())
    except (CoverageException, ImportError) as error:  # such as settings that coverage refuses, a plugin of its
        sys.stderr.write("pytest cannot start: %s: %s\n" % (type(error).__name__, error))
        return 4


def names_contexts() -> bool:
    """Whether coverage's settings ask for a context of each test, which pytest-cov refuses on several workers."""
    try:
        import coverage

        return bool(coverage.Coverage(data_file=None).get_option("run:dynamic_context"))
    except Exception:  # noqa: BLE001 - no coverage, an unreadable config: both are said later
        return False


if __name__ == "__main__":
    raise SystemExit(main())
