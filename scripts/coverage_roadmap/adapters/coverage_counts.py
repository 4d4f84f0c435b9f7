"""The counts of a file, as coverage.py writes them in each of its reports."""

from __future__ import annotations

import msgspec

from coverage_roadmap.core.measurement import Count, Counts


class Numbers(msgspec.Struct):
    """The `summary` of a file."""

    num_statements: Count
    missing_lines: Count
    excluded_lines: Count = 0
    num_branches: Count = 0
    missing_branches: Count = 0

    def counts(self) -> Counts:
        """The same as ours.

        Raises:
            ValueError: more is missing than there is.
        """
        return Counts(
            self.num_statements, self.missing_lines, self.excluded_lines, self.num_branches, self.missing_branches
        )
