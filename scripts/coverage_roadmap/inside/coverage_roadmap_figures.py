"""Turns coverage data into figures, with the interpreter and the coverage.py that measured them.

Stands alone, as the plugin does. Words: the data file, the config file (or nothing), the
JSON file to write, the file to write the scope to, the memory, and the measured folders.

The figures are coverage.py's own JSON report. It parses every source anew for each report, which takes longer than all
that we do beside it: so what it said of a file is remembered, under a hash of everything that it was told about it.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import sqlite3
import sys
import time
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
)
"""The options that decide what a file's lines come to."""
BEYOND = ("run:plugins", "report:contexts", "paths")
"""Options that make a file's figures depend on more than the file: nothing is remembered then."""
KEPT = 30
"""How long what no run asked for is remembered. Days."""
NUMBERS = ("num_statements", "missing_lines", "excluded_lines", "num_branches", "missing_branches")
PLACES = ("missing_lines", "executed_lines", "missing_branches", "executed_branches")


def opened(path: str, again: bool = True) -> Any:
    """The SQLite file at `path`, made where it is not there or is no such file. None where it cannot be."""
    file = sqlite3.connect(path, timeout=5)
    try:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("CREATE TABLE IF NOT EXISTS said (key TEXT PRIMARY KEY, entry TEXT, day INTEGER)")
    except sqlite3.DatabaseError as error:
        file.close()
        if again and not isinstance(error, sqlite3.OperationalError):
            os.remove(path)
            return opened(path, again=False)
        return None  # a folder that cannot be written, or another run for too long
    return file


class Memory:
    """What coverage.py said of a file, by a hash of what it was told. Where this fails, nothing is remembered."""

    def __init__(self, path: str) -> None:
        """Open or make the SQLite file at `path`."""
        self.today = int(time.time() // 86400)
        try:
            self.file = opened(path)
        except (sqlite3.Error, OSError):
            self.file = None

    def recall(self, key: str) -> Any:
        """What was said under this key, else None."""
        try:
            found = self.file.execute("SELECT entry FROM said WHERE key = ?", (key,)).fetchone() if self.file else None
            return json.loads(found[0]) if found else None
        except (sqlite3.Error, ValueError, TypeError):
            return None

    def keep(self, new: dict[str, Any], used: list[str]) -> None:
        """Remember new entries, and that others were used; forget what was not for long."""
        if not self.file:
            return
        try:
            with self.file:
                rows = [(key, json.dumps(entry), self.today) for key, entry in new.items()]
                self.file.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", rows)
                touched = [(self.today, key, self.today) for key in used]
                self.file.executemany("UPDATE said SET day = ? WHERE key = ? AND day <> ?", touched)
                self.file.execute("DELETE FROM said WHERE day < ?", (self.today - KEPT,))
        except sqlite3.Error:
            pass
        self.file.close()


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


def keys(cov: Any) -> dict[str, str]:
    """For each measured file that can be read, a hash of all that coverage.py's report on it rests on."""
    import coverage

    data = cov.get_data()
    if any(options(cov, BEYOND)):
        return {}
    shared = repr((PLACES, sys.version, coverage.__version__, os.getcwd(), data.has_arcs(), options(cov, DECIDING)))
    made = {}
    for name in data.measured_files():
        try:
            with open(name, "rb") as file:
                content = file.read()
        except OSError:
            continue  # coverage.py says what it makes of it
        if not data.file_tracer(name):
            ran = sorted((data.arcs(name) if data.has_arcs() else data.lines(name)) or [])
            told = repr((shared, name, ran)).encode("utf-8", "backslashreplace")
            made[name] = hashlib.sha256(told + b"\0" + content).hexdigest()
    return made


def report(cov: Any, figures_file: str, memory: Memory) -> dict[str, Any]:
    """What coverage.py's JSON report says of each measured file, from the memory where it has it.

    Raises:
        NoDataError: no file is left to report on.
        CoverageException: the data or a source cannot be read.
    """
    from coverage.exceptions import NoDataError

    known = keys(cov)
    found = {name: (key, memory.recall(key)) for name, key in known.items()}
    files = {said["path"]: said for _, said in found.values() if said}
    rest = [name for name in cov.get_data().measured_files() if not found.get(name, ("", None))[1]]
    new = {}
    if rest or not files:
        try:
            # without named files it also follows [paths], under which nothing is remembered
            cov.json_report(morfs=rest if files else None, outfile=figures_file, show_contexts=False)
            with open(figures_file, encoding="utf-8") as file:
                reported = json.load(file)["files"]
        except NoDataError:
            if not files:
                raise
            reported = {}
        names = {os.path.abspath(name): name for name in rest}
        for path, entry in reported.items():
            numbers = {number: entry["summary"].get(number, 0) for number in NUMBERS}
            files[path] = {
                "path": path,
                "summary": numbers,
                **{part: entry.get(part, []) for part in PLACES},
            }
            key = known.get(names.get(os.path.abspath(path), ""))
            if key:
                new[key] = files[path]
    memory.keep(new, [key for key, said in found.values() if said])
    return files


def main() -> int:
    """Join what killed processes left beside the data file, then write the figures and the scope."""
    data_file, config_file, figures_file, scope_file, memory_file, *source = sys.argv[1:]
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if path != here]
    import coverage
    from coverage.exceptions import CoverageException, NoDataError

    cov = coverage.Coverage(data_file=data_file, config_file=config_file or True, source=source, messages=False)
    lost: list[warnings.WarningMessage] = []
    try:
        parts = glob.glob(glob.escape(data_file) + ".*")
        cov.load()
        if parts:
            with warnings.catch_warnings(record=True) as lost:
                warnings.simplefilter("always")
                cov.combine(parts, strict=False)
            cov.save()
        files = report(cov, figures_file, Memory(memory_file))
    except NoDataError:
        return 5
    except CoverageException as error:
        sys.stderr.write(str(error) + "\n")
        return 1

    def words(*names: str) -> list[Any]:
        return [word for option in options(cov, names) for word in option or []]

    scope = {
        "include": words("report:include") or words("run:include"),
        "omit": words("report:omit") or words("run:omit"),
        "exclude": words("report:exclude_lines", "report:exclude_also"),
        "lost": [str(warning.message) for warning in lost],
        "branch": bool(cov.get_data().has_arcs()),
        "python": "%d.%d" % sys.version_info[:2],
        "coverage": coverage.__version__,
    }
    for path, content in ((figures_file, {"files": files}), (scope_file, scope)):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
