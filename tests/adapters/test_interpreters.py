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


@pytest.fixture
def on_path(tmp_path, monkeypatch):
    """Puts a script of a name on the `PATH`."""

    def put(name, script):
        file = tmp_path / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{file.parent}{os.pathsep}{os.environ['PATH']}")

    return put


def test_another_python_says_which_files_it_compiles(tmp_path, on_path):
    on_path("python3.99", f'exec "{sys.executable}" "$@"')
    odd = os.fsdecode(b"odd\xff\n.py")
    texts = {"good.py": b"x = 1\n", "bad.py": b"x = = 1\n", "null.py": b"x = 1\0\n", "return.py": b"return\n"}
    texts |= {odd: b"raise SystemExit(4)\n", "escape.py": b"x = '\\d'\n", "large.py": b"#" * (8 * 2**20 + 1)}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    (tmp_path / "json.py").write_text("raise SystemExit(5)\n")
    told = interpreters.compiles("3.99", [*texts, "gone.py"], tmp_path)
    assert [name for name, fine in told.items() if fine] == ["good.py", odd, "escape.py"]
    assert set(told) == {*texts, "gone.py"}


@pytest.mark.parametrize("script", ["echo no", "exit 127", "echo '[true, true]'", "echo '{}'", "kill -9 $$"])
def test_one_that_gives_no_answer_is_not_at_hand(tmp_path, on_path, script):
    on_path("python3.99", script)
    assert interpreters.compiles("3.99", ["a.py"], tmp_path) == {}


def test_one_that_is_not_there_gives_no_answer(tmp_path):
    assert interpreters.compiles("3.98", ["a.py"], tmp_path) == {}
    assert interpreters.compiles(OURS, [], tmp_path) == {}
