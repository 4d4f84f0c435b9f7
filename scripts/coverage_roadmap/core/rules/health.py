"""Test health: tests that cannot fail raise a figure and find nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from coverage_roadmap.core.baseline import renamed
from coverage_roadmap.core.finding import Finding, Severity, State
from coverage_roadmap.core.rules.rule import Facts, Rule
from coverage_roadmap.core.testcode import NO_PARSE, Kind
from coverage_roadmap.core.tightening import fewer_tests


class _OfTestCode(Rule):
    """A kind of complaint that reading test code gives."""

    kind: ClassVar[Kind]
    mend: ClassVar[str]

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each complaint of this kind."""
        for complaint in facts.complaints:
            if complaint.kind is self.kind and facts.judges(complaint.path):
                state, text = State.FOUND, complaint.text
                if text.startswith(NO_PARSE):
                    state, text = facts.unparsed(complaint.path, text)
                yield Finding(complaint.path, complaint.line, text, self.mend, complaint.path, state)


class Broken(_OfTestCode):
    """A test file does not parse.

    Pytest cannot run one test of it, and no gate notices where the rest passes. Mend it or take it out. The Python that
    measures the project has the word, where it is on the `PATH` by its name, such as `python3.13`.
    """

    id = "TEST001"
    kind = Kind.BROKEN
    mend = "mend the file, or take it out"


class NoAssertion(_OfTestCode):
    """A test asserts nothing.

    It runs lines and would pass whatever they gave. Assert what the code under test returns, raises, writes or calls. A
    test that is to show that nothing is raised says so by what comes back: `assert parse(text)`, or `is None`.
    """

    id = "TEST002"
    kind = Kind.NO_ASSERTION
    mend = "assert what it is to show"


class Hollow(_OfTestCode):
    """An assertion can never fail.

    `assert True`, `assert (x, "message")` or a misspelt mock assertion is true whatever the code does.
    """

    id = "TEST003"
    kind = Kind.HOLLOW
    mend = "assert something that can be false"


class Swallowed(_OfTestCode):
    """What is tested stands in a try whose handler passes.

    An exception of the code under test, and a failing assert too, ends in silence. Let it rise, or use `pytest.raises`.
    """

    id = "TEST004"
    kind = Kind.SWALLOWED
    mend = "let it rise, or use pytest.raises"


class NeverRuns(_OfTestCode):
    """A test never runs.

    It is skipped whatever the circumstances, and looks like a test. Let it run, or take it out.
    """

    id = "TEST006"
    severity = Severity.WARNING
    kind = Kind.SKIPPED
    mend = "let it run, or take it out"


class FewerTests(Rule):
    """Tests were skipped, removed or deselected since the baseline.

    Each test file is to collect and pass at least as many tests as the baseline counts, or a waiver says why.
    """

    id = "TEST005"
    needs_measurement = True

    def find(self, facts: Facts) -> Iterator[Finding]:
        """Each test file that lost tests; a file that went is one too."""
        measured = facts.measured
        if facts.baseline is None or facts.figures is None or measured is None or measured.detail is None:
            return
        before = renamed(facts.baseline.tests, facts.renames)
        for one in fewer_tests(before, measured.detail.tests.files):
            text = f"{one.before} in the baseline, {one.after} now"
            yield Finding(one.where, 0, text, "put them back", one.waivable)


RULES = (Broken(), NoAssertion(), Hollow(), Swallowed(), NeverRuns(), FewerTests())
