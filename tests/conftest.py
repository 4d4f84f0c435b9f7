"""What holds for all tests: the caller's colour, width and signals are not theirs, and CI finds the same each time."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TERM"):
    os.environ.pop(name, None)

for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:  # started in a shell's background, which its children inherit
        signal.signal(number, usual)

TOGETHER = {
    "tests/e2e/test_football.py": "football",
    "tests/e2e/test_walk.py": "football",
    **{f"tests/e2e/ci/test_executed{name}.py": f"workflow{name}" for name in ("", "_weekly")},
}
"""Files whose tests run on one worker, one after the other: they work in the embedded project itself, or share a
workflow's run that takes minutes."""

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None)
settings.load_profile("same" if os.environ.get("CI") == "true" else "searching")


class Together(LoadScopeScheduling):
    """Deals out tests one by one, but those of `TOGETHER`. By xdist's own groups it cannot be done: its version 3.8
    gives tests a name by which pytest 9.2 knows them no more, so that each goes anywhere."""

    def _split_scope(self, nodeid):
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Together(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.fixture(scope="session", autouse=True)
def temporary_folder_of_children(tmp_path_factory):
    """What tests start has a temporary folder of its own: a pytest clears away at its end what earlier ones left in the
    shared one, and of a whole suite's tests that may take minutes."""
    tmp_path_factory.getbasetemp()  # ours stays where people look for it
    with (
        tempfile.TemporaryDirectory(prefix="roadmap-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("TMPDIR", folder)
        yield


def lacking(what):
    """A judge that is missing fails in CI, where all are to be; elsewhere its tests are passed over."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def judges(tmp_path_factory):
    """The folder in which the judges are installed that the npm registry alone has."""
    npm = shutil.which("npm")
    if npm is None:
        lacking("npm is wanted, which installs the judges")
    folder = tmp_path_factory.mktemp("judges")
    shutil.copy(Path(__file__).parents[1] / ".ci/judges/package.json", folder)
    words = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, timeout=280)
    if done.returncode:
        lacking(f"the judges cannot be installed: {done.stderr}")
    return folder
