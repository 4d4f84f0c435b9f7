"""Turns coverage data into figures, with the interpreter and the coverage.py that measured them.

Stands alone, as the plugin does. Words: the data file, the config file (or nothing), the
JSON file to write, the file to write the scope to, and the measured folders.
"""

from __future__ import annotations

import glob
import json
import os
import sys
import warnings
from typing import Any


def main() -> int:
    """Join what killed processes left beside the data file, then write coverage.py's own JSON and the scope."""
    data_file, config_file, figures_file, scope_file, *source = sys.argv[1:]
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
        cov.json_report(outfile=figures_file, show_contexts=False)
    except NoDataError:
        return 5
    except CoverageException as error:
        sys.stderr.write(str(error) + "\n")
        return 1

    def words(*names: str) -> list[Any]:
        options: list[Any] = [cov.get_option(name) for name in names]
        return [word for option in options for word in option or []]

    scope = {
        "include": words("report:include") or words("run:include"),
        "omit": words("report:omit") or words("run:omit"),
        "exclude": words("report:exclude_lines", "report:exclude_also"),
        "lost": [str(warning.message) for warning in lost],
        "branch": bool(cov.get_data().has_arcs()),
    }
    with open(scope_file, "w", encoding="utf-8") as file:
        json.dump(scope, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
