"""The Python that runs a project's tests."""

import os
import subprocess
import sys

import pytest

from coverage_roadmap.adapters import interpreters
from coverage_roadmap.errors import ToolError

OURS = "{}.{}".format(*sys.version_info[:2])


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare") / "a venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    return folder


def test_a_named_one_goes_before_the_active_environment_and_that_before_ours(bare, tmp_path):
    python = str(bare / "bin" / "python")
    active = {"VIRTUAL_ENV": str(bare)}
    assert interpreters.choose(active, tmp_path, sys.executable) == sys.executable
    assert interpreters.choose(active, tmp_path, "") == python
    assert interpreters.choose({}, tmp_path, "") == sys.executable
    assert interpreters.choose({"VIRTUAL_ENV": ""}, tmp_path, "") == sys.executable
    assert interpreters.choose({"VIRTUAL_ENV": str(tmp_path / "gone")}, tmp_path, "") == sys.executable


def test_a_relative_path_is_the_callers_and_a_bare_word_is_on_the_path(bare):
    assert interpreters.choose({}, bare, "bin/python") == str(bare / "bin" / "python")
    assert interpreters.choose({}, bare, "sh") == "sh"


@pytest.mark.parametrize("named", ["no-such-python", "./none/python", "/etc/passwd", "."])
def test_one_that_cannot_be_run_is_said(tmp_path, named):
    with pytest.raises(ToolError, match="no such interpreter") as caught:
        interpreters.choose({}, tmp_path, named)
    assert caught.value.where == f"--python {named}"


def test_versions_are_those_of_that_interpreter(bare, tmp_path):
    leg, ours = interpreters.versions(sys.executable, ["pytest", "no-such-thing"], tmp_path)
    assert (leg, ours) == (OURS, {"pytest": pytest.__version__, "no-such-thing": ""})
    leg, none = interpreters.versions(str(bare / "bin" / "python"), ["pytest"], tmp_path)
    assert (leg, none) == (OURS, {"pytest": ""})


@pytest.mark.parametrize("script", ["echo no", "exit 3", "echo '[1, 2]'", "kill -9 $$"])
def test_what_is_no_python_is_said(tmp_path, script):
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    with pytest.raises(ToolError, match=r"does not run|python"):
        interpreters.versions(str(fake), ["pytest"], tmp_path)


def test_a_file_that_the_system_cannot_start_is_said(tmp_path):
    fake = tmp_path / "python"
    fake.write_bytes(os.urandom(64))
    fake.chmod(0o755)
    with pytest.raises(ToolError):
        interpreters.versions(str(fake), ["pytest"], tmp_path)
