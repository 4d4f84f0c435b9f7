"""Tools that are told to say something else."""

from .base import FAILING, HIDDEN, SENDING, SENT, WHOLE
from .case import Edit, RunCheat, Step, swap

NONE: Edit = {"pytest.ini": swap(("fail-under=80", "fail-under=80 --cov-fail-under=0"))}
LENIENT: Edit = {
    "pyproject.toml": swap(("workers = 1\n", 'workers = 1\nenv = { COVERAGE_RCFILE = "ci/lenient.ini" }\n')),
    "ci/lenient.ini": "[run]\nomit = */parcels.py\n",
}
STEERED = (("COVERAGE_RCFILE", "ci/lenient.ini"),)
TESTED: tuple[Step, ...] = ({**HIDDEN, **SENT, **LENIENT}, ("run", "phase1"))
"""The variable is set in every way, and the new code is tested."""


def many(missed: int) -> Edit:
    """A file that makes it 2,500 lines and branches in all, of which so many more are not covered."""
    lines = 2_500 - 57
    source = "x = 0\n" * (lines - missed - 1) + "def never():\n" + "    x = 0\n" * missed
    return {
        "src/shop/many.py": source,
        "tests/test_many.py": "from shop.many import x\n\n\ndef test_x():\n    assert x == 0\n",
    }


CHEATS = [
    RunCheat(
        name="--no-cov",
        story="Coverage is switched off in the shell; what is not measured is not below a threshold.",
        steps=(HIDDEN, ("run", "phase1", "--no-cov")),
        refused_by="the phase run",
        says="nothing was measured",
        twin_story="It is measured.",
        twin=WHOLE,
    ),
    RunCheat(
        name="almost",
        story="79.96 % is 80 % in coverage.py's report, and passes its own gate.",
        steps=(many(492), ("run", "phase1")),
        refused_by="the phase run",
        says="79.96 % (1999 of 2500 lines and branches), fail-under 80: not met",
        twin_story="One line more is covered.",
        twin=(many(491), ("run", "phase1")),
    ),
    RunCheat(
        name="a threshold of 0 in addopts",
        story="`pytest.ini` gets a second `--cov-fail-under`, of 0: pytest itself is green.",
        steps=(
            {**HIDDEN, **NONE},
            ("run", "phase1"),
        ),
        refused_by="the phase run",
        says="fail-under 80: not met",
        twin_story="The option goes, and the new code is tested.",
        twin=WHOLE,
    ),
    RunCheat(
        name="settings from the shell",
        story="COVERAGE_RCFILE names a file that omits what has no tests; no file of the project changes.",
        steps=({**HIDDEN, "ci/lenient.ini": "[run]\nomit = */parcels.py\n"}, ("run", "phase1")),
        refused_by="the phase run",
        says="fail-under 80: not met",
        twin_story="The variable is there, and the new code is tested.",
        twin=TESTED,
        environ=STEERED,
    ),
    RunCheat(
        name="settings from the config's env",
        story="The same variable stands in the config, in `env`, where nobody looks for omitted files.",
        steps=({**HIDDEN, **LENIENT}, ("run", "phase1")),
        refused_by="the phase run",
        says="fail-under 80: not met",
        twin_story="The variable is there, and the new code is tested.",
        twin=TESTED,
        environ=STEERED,
    ),
    RunCheat(
        name="a pragma on new code",
        story="New code comes with a pragma on it, so that it is neither a dip nor a loss.",
        steps=(
            {"src/shop/parcels.py": SENDING.replace("(parcel):", "(parcel):  # pragma: no cover")},
            ("run", "phase1"),
            ("baseline",),
        ),
        refused_by="invoke baseline",
        says="0 pragmas -> 1 pragma",
        twin_story="It comes with a test.",
        twin=({**HIDDEN, **SENT}, ("run", "phase1"), ("baseline",)),
    ),
    RunCheat(
        name="a conftest that says 0",
        story="A hook sets pytest's exit status to 0 at the end of the session.",
        steps=(
            {
                **FAILING,
                "tests/conftest.py": (
                    "import pytest\n\n\n@pytest.hookimpl(trylast=True)\n"
                    "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"
                ),
            },
            ("run", "phase1"),
        ),
        refused_by="the phase run",
        says="1 failed",
        twin_story="The hook says how many tests there were.",
        twin=(
            {"tests/conftest.py": ("def pytest_sessionfinish(session):\n    print(session.testscollected, 'tests')\n")},
            ("run", "phase1"),
        ),
    ),
    RunCheat(
        name="a test that ends pytest",
        story="A test calls `os._exit(0)` before the red ones come: the shell sees a success.",
        steps=(
            {**FAILING, "tests/test_until_here.py": "import os\n\n\ndef test_until_here():\n    os._exit(0)\n"},
            ("run", "phase1"),
        ),
        refused_by="the phase run",
        says="pytest could not finish",
        twin_story="The test looks at a process of its own.",
        twin=(
            {
                "tests/test_until_here.py": (
                    "import subprocess\nimport sys\n\n\ndef test_until_here():\n"
                    "    assert subprocess.run([sys.executable, '-c', 'import os; os._exit(0)']).returncode == 0\n"
                )
            },
            ("run", "phase1"),
        ),
        code=3,
    ),
]
