"""What coverage.py read in its settings is remembered as long as all is as it was, and never differs from its own."""

import os
import sys
import time
import venv
from pathlib import Path

import coverage
import pytest
from msgspec.structs import replace

from coverage_roadmap.adapters import counter, coverage_settings, inside, processes
from coverage_roadmap.adapters.clock import SystemClock
from coverage_roadmap.adapters.memory import Memory
from coverage_roadmap.errors import RecordError

RC = "[report]\nomit =\n    src/omitted.py\n"


class Place:
    """A project whose files are not of just now, and how often coverage.py was started for it."""

    def __init__(self, root):
        self.root, self.env, self.python, self.started = root, dict(os.environ), sys.executable, 0
        (root / "packages").mkdir()
        self.env["PYTHONPATH"] = str(root / "packages")
        self.write(".coveragerc", RC)

    def write(self, name, text):
        (self.root / name).write_text(text)
        self.age(self.root / name, self.root / "packages")

    def age(self, *paths):
        for path in paths:
            os.utime(path, ns=(0, time.time_ns() - 3600 * 10**9))

    def asked(self, config_file="", ask=lambda counting: counting.settings):
        command = [self.python, str(inside.FOLDER / "coverage_roadmap_figures.py"), config_file, "src"]
        settled = coverage_settings.Settled(Memory(self.root, SystemClock()), command, self.root, self.env)
        with processes.conversing(command, cwd=self.root, env=self.env, seconds=60) as process:

            def start():
                self.started += 1
                return process

            return ask(counter.Counter(start, settled))


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_settings_are_asked_for_once(place):
    first, second = place.asked(), place.asked()
    assert (first, place.started) == (second, 1)
    assert (first.omit, first.python) == (("src/omitted.py",), "{}.{}".format(*sys.version_info[:2]))


def package_appears(place):
    (place.root / "packages" / "new.py").write_text("")
    os.utime(place.root / "packages", ns=(0, time.time_ns() - 1800 * 10**9))


def another_path(place):
    (place.root / "more packages").mkdir()
    place.age(place.root / "more packages")
    place.env["PYTHONPATH"] += f"{os.pathsep}{place.root / 'more packages'}"


@pytest.mark.parametrize(
    ("change", "omit"),
    [
        (lambda place: place.write(".coveragerc", RC.replace("omitted", "another")), ("src/another.py",)),
        (lambda place: (place.root / ".coveragerc").unlink(), ()),
        (lambda place: place.write(".coveragerc.toml", "[report]\nomit = ['toml.py']\n"), ("src/omitted.py",)),
        (lambda place: place.env.update(COVERAGE_DEBUG="config"), ("src/omitted.py",)),
        (another_path, ("src/omitted.py",)),
        (package_appears, ("src/omitted.py",)),
    ],
    ids=["settings", "no settings", "another file", "coverage's variable", "the path", "a package"],
)
def test_what_settings_rest_on_changes_and_they_are_asked_for_again(place, change, omit):
    place.asked()
    change(place)
    assert (place.asked().omit, place.started) == (omit, 2)
    assert (place.asked().omit, place.started) == (omit, 2)


def test_another_config_file_has_settings_of_its_own(place):
    place.write("other.ini", "[report]\nomit = other.py\n")
    assert [place.asked(name).omit for name in ("", "other.ini", "", "other.ini")] == 2 * [
        *[("src/omitted.py",), ("other.py",)]
    ]
    assert place.started == 2


def test_a_command_is_the_interpreter_that_the_path_leads_to(place):
    place.python = "python-here"
    seen = []
    for name in ("first", "second", "second", "first"):
        environment = place.root / name
        if not environment.exists():
            venv.create(environment, symlinks=True)
            (environment / "bin" / "python-here").symlink_to("python")
            packages = next(environment.glob("lib/python*/site-packages"))
            (packages / "coverage.pth").write_text(f"{Path(coverage.__file__).parents[1]}\n")
            place.age(packages, environment / "pyvenv.cfg")
        place.env["PATH"] = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
        seen.append(next(path for path in place.asked().rests_on if path.endswith("pyvenv.cfg")))
    assert [Path(path).parent.name for path in seen] == ["first", "second", "second", "first"]
    assert place.started == 3


def from_environment(place):
    place.write(".coveragerc", "[report]\nomit = $OMITTED\n")
    place.env["OMITTED"] = "named.py"


def from_environment_by_toml(place):
    place.write(".coveragerc.toml", '[report]\nomit = ["\\u0024{OMITTED}"]\n')
    (place.root / ".coveragerc").unlink()
    place.env["OMITTED"] = "named.py"


def a_script(place):
    path = place.root / "python"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    path.chmod(0o755)
    place.age(path)
    place.python = str(path)


@pytest.mark.parametrize(
    "make",
    [
        from_environment,
        from_environment_by_toml,
        a_script,
        lambda place: (place.root / ".coveragerc").write_text(RC),
        lambda place: (place.root / "packages" / "new.py").write_text(""),
        lambda place: (place.root / ".coverage-roadmap").write_text("in the way"),
    ],
    ids=[
        "from the environment",
        "so by TOML",
        "a script starts it",
        "written just now",
        "installed just now",
        "no memory",
    ],
)
def test_what_may_change_without_telling_is_never_remembered(place, make):
    make(place)
    settings = [place.asked() for _ in range(2)]
    assert settings[0] == settings[1]
    assert place.started == 2


def test_a_path_that_is_another_each_time_is_no_other_setting(place, tmp_path):
    package = "import os, sys\n\nsys.path.append(f'/nowhere/{os.getpid()}')\n"
    place.write("packages/sitecustomize.py", package)
    for _ in range(2):
        assert place.asked(ask=lambda counting: counting.report(tmp_path / "none", None, tmp_path / "out")).files == {}


def test_a_coverage_that_says_otherwise_than_what_is_remembered_is_heard(place, tmp_path):
    settings = place.asked()
    command = [place.python, str(inside.FOLDER / "coverage_roadmap_figures.py"), "", "src"]
    settled = coverage_settings.Settled(Memory(place.root, SystemClock()), command, place.root, place.env)
    settled.remember(replace(settings, omit=("wrong.py",)))
    assert place.asked().omit == ("wrong.py",)
    with pytest.raises(RecordError, match="coverage's settings have changed meanwhile"):
        place.asked(ask=lambda counting: counting.combine(tmp_path / ".coverage", []))
    assert place.asked().omit == ("src/omitted.py",)
