"""Coverage.py itself, asked for figures by the interpreter and the version that measured them.

Stands alone, as the plugin does. Words: the config file (or nothing), and the measured folders. It says what
coverage.py read in its settings, then answers what it is asked, a line of JSON for each, until its input ends: so
whoever asks can join and look up what it can while coverage.py is being imported.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from typing import Any

DECIDING = (
    "report:exclude_lines",
    "report:exclude_also",
    "report:partial_branches",
    "report:partial_branches_always",
    "report:partial_also",
    "report:include",
    "report:omit",
    "report:ignore_errors",
    "run:relative_files",
)
"""The options that decide what a file's lines come to."""
BEYOND = ("run:plugins", "report:contexts", "paths")
"""Options that make a file's figures depend on more than the file: nothing is remembered then."""


def options(cov: Any, names: tuple[str, ...]) -> list[Any]:
    """The values of coverage.py's options; None for one that its version has not."""
    from coverage.exceptions import ConfigError

    values = []
    for name in names:
        try:
            values.append(cov.get_option(name))
        except ConfigError:
            values.append(None)
    return values


def settings(cov: Any) -> dict[str, Any]:
    """What coverage.py read in its settings, who we are, and the files and folders on which this rests."""
    import coverage.version

    def words(*names: str) -> list[Any]:
        return [word for option in options(cov, names) for word in option or []]

    return {
        "include": words("report:include") or words("run:include"),
        "omit": words("report:omit") or words("run:omit"),
        "exclude": words("report:exclude_lines", "report:exclude_also"),
        "deciding": repr((sys.version, sys.flags.optimize, options(cov, DECIDING))),
        "beyond": any(options(cov, BEYOND)),
        "relative": any(options(cov, ("run:relative_files",))),
        "python": "%d.%d" % sys.version_info[:2],
        "coverage": coverage.__version__,
        "rests_on": [
            *(os.path.abspath(path) for path in sys.path),
            sys.executable,
            os.path.join(sys.prefix, "pyvenv.cfg"),
            os.path.abspath(coverage.version.__file__),
        ],
        "tried": getattr(cov.config, "config_files_attempted", None),
    }


def combine(cov: Any, parts: list[str]) -> list[str]:
    """Join parts to the data file. Returns what could not be read, in coverage.py's words."""
    cov.load()
    with warnings.catch_warnings(record=True) as lost:
        warnings.simplefilter("always")
        cov.combine(parts, strict=False)
    cov.save()
    return [str(warning.message) for warning in lost]


def report(cov: Any, only: list[str] | None, target: str) -> bool:
    """Write coverage.py's JSON report on some files, or on all. Returns whether there is anything to report on.

    Without named files it also follows [paths].
    """
    from coverage.exceptions import NoDataError

    cov.load()
    try:
        cov.json_report(morfs=only, outfile=target, show_contexts=False)
    except NoDataError:
        return False
    return True


def main() -> int:
    """Say what is set, then answer."""
    told = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # a plugin of coverage.py's may print
    config_file, *source = sys.argv[1:]
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if path != here]

    def tell(**answer: Any) -> None:
        told.write(json.dumps(answer) + "\n")
        told.flush()

    try:
        import coverage
        from coverage.exceptions import CoverageException
    except ModuleNotFoundError as error:
        tell(missing=error.name)
        return 1

    def of(data_file: str | None) -> Any:
        return coverage.Coverage(data_file=data_file, config_file=config_file or True, source=source, messages=False)

    try:
        tell(**settings(of(None)))
    except CoverageException as error:
        tell(error=str(error))
    for line in sys.stdin.buffer:  # as we write it, whatever the environment says of its encoding
        asked = json.loads(line)
        try:
            if asked["combine"]:
                tell(lost=combine(of(asked["data"]), asked["combine"]))
            else:
                tell(any=report(of(asked["data"]), asked["only"], asked["target"]))
        except CoverageException as error:
            tell(error=str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
