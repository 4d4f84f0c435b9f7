"""A team's project whose workflows are written, and what judges workflows offline."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ...conftest import lacking

ROOT = Path(__file__).resolve().parents[3]
NOXFILE = "from coverage_roadmap.faces.nox import register\n\nregister()\n"
SLEEPING = "import time\n\n\ndef test_{0}():\n    time.sleep(0.3)\n    assert time.monotonic() > 0.3\n"
EVEN = {f"tests/unit/test_{name}.py": SLEEPING.format(name) for name in ("one", "two")}
"""Tests by which two shards pay, however quick the machine is."""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Our own wheel, which CI's jobs install."""
    out = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT)]
    subprocess.run(words, check=True, timeout=200)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def pythons():
    """Interpreters by their versions: ours, and the others that answer."""
    found = {"{}.{}".format(*sys.version_info[:2]): sys.base_prefix + "/bin/python3"}
    for version in ("3.11", "3.12", "3.13", "3.14"):
        command = shutil.which(f"python{version}")
        if version not in found and command:
            words = [command, "-c", "import sys; print(sys.executable)"]
            done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
            if done.returncode == 0:
                found[version] = done.stdout.strip()
    if len(found) < 2:
        lacking("a second Python is wanted")
    return found
