"""Runs that prove nothing, and phases closed on them."""

from .base import FAILING, HIDDEN, LABELLED, WHOLE
from .case import RunCheat, swap

BY_HAND = f'closed = {{ on = 2026-01-31, commit = "{"a" * 40}", record = "mine" }}\n'
TITLE = 'title = "Raise to 80 %"\n'
CHEATS = [
    RunCheat(
        name="-k for the phase",
        story="The tests that pass are run by `-k`, and the phase is closed on it.",
        steps=(HIDDEN, ("run", "phase1", "-k", "prices or stock"), ("close",)),
        refused_by="invoke close",
        says="narrowed by hand",
        twin_story="What came without tests is tested, and all tests are run.",
        twin=WHOLE,
    ),
    RunCheat(
        name="a single file",
        story="The one test file that matters is run; its figure is written where the others are.",
        steps=(HIDDEN, ("run", "phase1", "tests/test_prices.py"), ("close",)),
        refused_by="invoke close",
        says="narrowed by hand (tests/test_prices.py)",
        twin_story="All are run.",
        twin=WHOLE,
    ),
    RunCheat(
        name="-x before the red ones",
        story="`-x` stops at the first failure, and the tests behind it were never red.",
        steps=(FAILING, ("run", "phase1", "-x"), ("close",)),
        refused_by="invoke close",
        says="narrowed by hand (-x)",
        twin_story="The tests pass, and all are run.",
        twin=WHOLE,
    ),
    RunCheat(
        name="out of time",
        story="The run is cut off by its limit; what was covered until then is taken for the figure.",
        steps=(
            {
                "pyproject.toml": swap(("timeout = 60", "timeout = 2")),
                "tests/test_slow.py": "import time\n\n\ndef test_slow():\n    time.sleep(30)\n    assert time\n",
            },
            ("run", "phase1"),
            ("close",),
        ),
        refused_by="invoke close",
        says="the time limit came",
        twin_story="The tests are done before the limit.",
        twin=WHOLE,
    ),
    RunCheat(
        name="a figure of yesterday",
        story="Pytest cannot start; the report is made of the data that lie there from the last good run.",
        steps=(
            {**HIDDEN, "tests/conftest.py": "import nothing_of_that_name\n"},
            ("run", "phase1"),
        ),
        refused_by="the phase run",
        says="total unknown: nothing was measured",
        twin_story="Pytest starts, and the new code is tested.",
        twin=WHOLE,
        code=3,
    ),
    RunCheat(
        name="closed on an older commit",
        story="The phase is closed on a run from before the new code came.",
        steps=(HIDDEN, ("close",)),
        refused_by="invoke close",
        says="stale, source changed since",
        twin_story="The new code is tested and measured.",
        twin=WHOLE,
    ),
    RunCheat(
        name="one commit, again and again",
        story="What is to be sustained over runs is run on one commit, again and again, on a quiet evening.",
        steps=(("run", "phase2"), ("run", "phase2"), ("exit-check", "--phase", "phase2")),
        refused_by="invoke exit-check",
        says="1 of 2 on the default branch",
        twin_story="Two commits, the second with a test more.",
        twin=(
            ("run", "phase2"),
            LABELLED,
            ("run", "phase2"),
            ("exit-check", "--phase", "phase2"),
        ),
    ),
    RunCheat(
        name="closed by hand",
        story="`closed` is written into the config with the commit and a record of one's own.",
        steps=(
            {
                "pyproject.toml": swap((TITLE, TITLE + BY_HAND)),
            },
            ("check",),
        ),
        refused_by="invoke check",
        says="EVIDENCE003",
        twin_story="`invoke close` writes it, on evidence.",
        twin=(LABELLED, ("run", "phase1"), ("close",), {}, ("check",)),
    ),
    RunCheat(
        name="a card without a test",
        story="A story's card is in Done; the test file that the story names was never written.",
        steps=(
            {"pyproject.toml": swap(('tests = ["tests/test_prices.py"]', 'tests = ["tests/test_all_prices.py"]'))},
            ("run", "phase1"),
            ("close",),
        ),
        refused_by="invoke close",
        says="not met: board closed: prices",
        twin_story="The story's tests are there, and its module reaches the target.",
        twin=WHOLE,
    ),
    RunCheat(
        name="a requirement in a comment",
        story="A story needs pyfakefs; in the requirements it is a commented-out line until the end.",
        steps=(
            {
                "pyproject.toml": swap(("target = 60", 'target = 60\nrequires = ["pyfakefs"]')),
                "requirements-dev.txt": "pytest\npytest-cov\n# pyfakefs\n",
            },
            ("doctor",),
        ),
        refused_by="invoke doctor",
        says="pyfakefs is in no requirements file",
        twin_story="It is a line like the others.",
        twin=(
            {
                "pyproject.toml": swap(("target = 60", 'target = 60\nrequires = ["pyfakefs"]')),
                "requirements-dev.txt": "pytest\npytest-cov\npyfakefs\n",
            },
            ("doctor",),
        ),
    ),
]
