"""`doctor`: what is there, what is missing, and the command that mends it."""

import shutil
import subprocess
import sys

import pytest


def found(told, team, *words, **options):
    """The exit code, and the findings: answer by text, and what mends it."""
    code, data = told(team, "doctor", *words, **options)
    assert data["format"] == 0
    texts = {finding["text"]: finding["answer"] for finding in data["findings"]}
    return code, texts, {finding["text"]: finding["mend"] for finding in data["findings"]}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An interpreter of an environment that holds nothing."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    return str(folder / "bin" / "python")


def test_what_is_there_is_shown_with_its_version(ready, told, invoke):
    assert ready.run("doctor", "--fix").code == 0
    code, texts, _ = found(told, ready)
    assert code == 0
    assert set(texts.values()) == {"met"}
    for word in ("Linux", "Darwin", "Python ", "pytest ", "pytest-cov ", "coverage ", "git version ", "alpha: "):
        assert any(text.startswith(word) for text in texts) or word in ("Linux", "Darwin")
    assert any("default branch main" in text for text in texts)
    ran = invoke(ready, "doctor")
    assert ran.returncode == 0
    assert "beta: modules and tests are there" in ran.flat


def test_a_missing_requirement_is_shown_with_the_line_that_fix_writes(team, told, invoke, contents):
    before = (team.root / "requirements-dev.txt").read_text()
    code, texts, mends = found(told, team)
    assert code == 1
    assert texts["pyfakefs is in no requirements file"] == "not met"
    assert mends["pyfakefs is in no requirements file"] == "invoke doctor --fix"
    shown = invoke(team, "doctor")
    assert shown.returncode == 1
    assert {"-# pyfakefs", "+pyfakefs"} <= set(shown.stdout.splitlines())
    assert (team.root / "requirements-dev.txt").read_text() == before

    fixed = invoke(team, "doctor", "--fix")
    assert fixed.returncode == 0
    assert {"-# pyfakefs", "+pyfakefs"} <= set(fixed.stdout.splitlines())
    assert (team.root / "requirements-dev.txt").read_text() == "pytest\npyfakefs\n# for the streaming tests\n"
    again = invoke(team, "doctor", "--fix")
    assert (again.returncode, "+pyfakefs" in again.stdout) == (0, False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"pytest\r\n", b"pytest\r\npyfakefs\r\n"),
        (b"pytest", b"pytest\npyfakefs\n"),
        (b"", b"pyfakefs\n"),
        (b"#PyFakeFS>=5\n", b"PyFakeFS>=5\n"),
        (b"# pyfakefs would be nice\n", b"# pyfakefs would be nice\npyfakefs\n"),
        (b"\xff # latin\n", b"\xff # latin\npyfakefs\n"),
    ],
)
def test_fix_keeps_all_other_bytes(team, before, after):
    (team.root / "requirements-dev.txt").write_bytes(before)
    assert team.run("doctor", "--fix").code == 0
    assert (team.root / "requirements-dev.txt").read_bytes() == after


@pytest.mark.parametrize(
    "listed", ["PyFakeFS>=5\n", "  pyfakefs[x] ; python_version > '3'\n", "-r more.txt\n", "pyfakefs @ file:///x\n"]
)
def test_a_requirement_that_is_listed_is_not_missing(team, told, listed):
    team.write({"requirements-dev.txt": listed, "more.txt": "py.fake_fs\npyfakefs==1\n"})
    code, texts, _ = found(told, team)
    assert (code, texts["pyfakefs is listed"]) == (0, "met")


@pytest.mark.parametrize(
    "metadata",
    [
        '[project]\nname = "x"\nversion = "1"\noptional-dependencies = { test = ["pytest", "pyfakefs>=5"] }\n',
        '[dependency-groups]\ntest = ["pytest", "pyfakefs", { include-group = "x" }]\n',
    ],
)
def test_a_requirement_may_stand_in_the_projects_metadata(team, told, edit, metadata):
    edit(team, "pyproject.toml", 'requirements = ["requirements-dev.txt"]', 'install = ["-e", ".[test]"]')
    refused = team.run("doctor", "--fix")
    assert (refused.code, "names no requirements file" in refused.err) == (2, True)
    team.write({"pyproject.toml": metadata + (team.root / "pyproject.toml").read_text()})
    code, texts, _ = found(told, team)
    assert (code, texts["pyfakefs is listed"]) == (0, "met")


def test_tools_that_an_environment_lacks_are_named_with_the_command(ready, told, bare):
    code, texts, mends = found(told, ready, "--python", bare)
    assert code == 1
    for name in ("pytest", "pytest-cov", "coverage", "pytest-timeout"):
        assert texts[f"{name} is missing"] == "not met"
        assert mends[f"{name} is missing"] == f"{bare} -m pip install {name}"
    alone = "pytest-xdist is missing: a run has one worker"
    assert (texts[alone], mends[alone]) == ("unknown", f"{bare} -m pip install pytest-xdist"), "a run does without"
    assert ready.run("doctor", "--fix", "--python", bare).code == 1, "a fix of the requirements installs nothing"
    unknown = ready.run("doctor", "--python", "no-such-python")
    assert (unknown.code, "no such interpreter" in unknown.err) == (3, True)


def test_modules_tests_and_excludes_that_are_not_there_are_named(team, told, edit):
    edit(team, "pyproject.toml", 'exclude = ["tests/unit/test_beta.py"]', 'exclude = ["tests/unit/gone.py", "other"]')
    edit(team, "pyproject.toml", 'modules = ["src/app/alpha.py"]', 'modules = ["src/app/alfa.py"]')
    edit(team, "pyproject.toml", 'tests = ["tests/unit/test_beta.py"]', 'tests = ["tests/unit/new.py::test_x"]')
    (team.root / "other").mkdir()
    code, texts, mends = found(told, team)
    assert code == 1
    assert texts["alpha: src/app/alfa.py does not exist"] == "not met"
    assert texts["beta: tests/unit/new.py::test_x is not there yet"] == "unknown"
    for exclude in ("tests/unit/gone.py", "other"):
        assert texts[f"exclude {exclude} excludes nothing"] == "unknown"
        assert mends[f"exclude {exclude} excludes nothing"] == "take it out"


def test_problems_of_the_config_are_all_named(team, edit):
    edit(team, "pyproject.toml", "workers = 1", "wrkers = 1\ntimeout = 0")
    ran = team.run("doctor")
    assert ran.code == 2
    assert "did you mean workers?" in ran.err
    assert "timeout" in ran.err


@pytest.mark.parametrize("state", ["no repository", "no commit", "no git", "no default branch"])
def test_what_git_lacks_is_said(team, told, state, tmp_path):
    if state == "no git":
        team.env["PATH"] = str(tmp_path / "none")
    elif state == "no default branch":
        team.git("branch", "-qm", "main", "trunk")
    else:
        shutil.rmtree(team.root / ".git")
        if state == "no commit":
            team.git("init", "-q")
    _, texts, mends = found(told, team)
    said = {
        "no repository": ("the project is in no git repository: no evidence", "git init"),
        "no commit": ("there is no commit yet: no evidence", "git commit"),
        "no git": ("git is missing: no evidence and no history", "install git"),
        "no default branch": (None, "set default-branch in the config"),
    }[state]
    text = said[0] or next(text for text in texts if "default branch unknown" in text)
    assert texts[text] == ("not met" if state == "no git" else "unknown")
    assert mends[text] == said[1]


def test_another_leg_is_said(team, told, edit):
    other = "3.11" if sys.version_info[:2] != (3, 11) else "3.12"
    edit(team, "pyproject.toml", "\npython = ", f'\npython = "{other}" #')
    _, texts, _ = found(told, team)
    assert [answer for text, answer in texts.items() if "not the canonical leg" in text] == ["unknown"]


def test_a_requirements_file_that_cannot_be_written_is_a_message(team, edit):
    long = "r" * 250  # so that there is no room in its name for a file to write first
    (team.root / "requirements-dev.txt").rename(team.root / long)
    edit(team, "pyproject.toml", "requirements-dev.txt", long)
    ran = team.run("doctor", "--fix")
    assert ran.code == 3
    assert "cannot be written" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("refspec", ["+refs/heads/*:refs/up/*", "+refs/heads/next:refs/remotes/origin/next"])
def test_what_git_fetch_does_not_bring_is_named_with_what_brings_it(team, told, tmp_path, refspec):
    team.git("init", "-q", "--bare", str(tmp_path / "bare.git"))
    team.git("remote", "add", "origin", str(tmp_path / "bare.git"))
    team.git("push", "-q", "origin", "main", "coverage-history", "main:next")
    _, texts, _ = found(told, team)
    assert not any("git fetch does not bring" in text for text in texts)
    team.git("config", "remote.origin.fetch", refspec)
    team.git("checkout", "-q", "--detach")
    team.git("branch", "-q", "-D", "main", "coverage-history")
    team.git("fetch", "-q", "--prune")
    for name in ("main", "coverage-history"):
        team.git("update-ref", "-d", f"refs/remotes/origin/{name}")
    _, texts, mends = found(told, team)
    lacking = "git fetch does not bring main and coverage-history to refs/remotes/origin"
    unknown = next(text for text in texts if "default branch unknown" in text)
    assert (texts[lacking], mends[unknown]) == ("unknown", "")
    assert mends[lacking] == "git remote set-branches --add origin '*', then git fetch origin"
    team.git("remote", "set-branches", "--add", "origin", "*")
    team.git("fetch", "-q", "origin")
    _, texts, _ = found(told, team)
    assert not any("git fetch does not bring" in text for text in texts)
    assert any("default branch origin/main" in text for text in texts)
