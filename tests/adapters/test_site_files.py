"""Which files may hold a threshold: the project's own, and CI's at the git root; never those of another project."""

import subprocess

import pytest

from coverage_roadmap.adapters import config_file, git, site_files

CONFIG = """[tool.coverage-roadmap]
project = "{project}"
[[tool.coverage-roadmap.phases]]
name = "one"
fail-under = 50
"""
ROOT = {
    "Makefile": "test:\n\tpytest\n",
    ".github/workflows/ci.yml": "on: push\n",
    ".github/workflows/notes.txt": "no workflow",
    ".gitlab-ci.yml": "test: {}\n",
    "pytest.ini": "[pytest]\n",
}
PROJECT = {
    "src/a.py": "",
    "tests/test_a.py": "",
    "pytest.ini": "[pytest]\n",
    "tools/run tests.sh": "pytest\n",
    "vendored/setup.py": "",
    "vendored/tox.ini": "[pytest]\n",
    "vendored/deep/pytest.ini": "[pytest]\n",
    "ignored/pytest.ini": "[pytest]\n",
    ".gitignore": "ignored/\n",
    "other.txt": "",
}


def written(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def top(tmp_path):
    (tmp_path / "top").mkdir()
    return tmp_path / "top"


@pytest.fixture
def found(top):
    def find(project, *ignore, with_git=True):
        written(top, {**ROOT, "pyproject.toml": CONFIG.format(project=project)})
        written(top / project, PROJECT)
        if with_git:
            subprocess.run(["git", "init", "-q", "-b", "main", str(top)], check=True)
        located = config_file.load({}, top)
        return site_files.present(located, git.find(located.project) if with_git else None, ignore)

    return find


def test_a_project_below_the_git_root_has_its_own_files_its_config_and_ci(found):
    files = found("app")
    outside = {"../Makefile", "../.github/workflows/ci.yml", "../.gitlab-ci.yml"}
    assert set(files.texts) == {"pytest.ini", "tools/run tests.sh", "../pyproject.toml", *outside}
    assert files.outside == outside
    assert files.texts["tools/run tests.sh"] == "pytest\n"


def test_a_project_at_the_git_root_has_nothing_outside(found):
    files = found(".")
    ci = {"Makefile", ".github/workflows/ci.yml", ".gitlab-ci.yml"}
    assert set(files.texts) == {"pyproject.toml", "pytest.ini", "tools/run tests.sh", *ci}
    assert not files.outside


def test_without_git_the_projects_top_is_looked_at(found):
    assert set(found("app", with_git=False).texts) == {"pytest.ini", "../pyproject.toml"}


def test_what_the_config_ignores_is_left_out(found):
    assert set(found("app", "tools/*", "../*").texts) == {"pytest.ini"}


def test_the_project_of_another_roadmap_is_left_out(found, top):
    written(top / "examples/shop", {"pytest.ini": "[pytest]\n", "Makefile": "all:\n"})
    written(top / "other", {"pyproject.toml": CONFIG.format(project="../examples/shop")})
    assert not [name for name in found(".").texts if name.startswith(("examples", "other"))]


def test_what_lies_in_a_submodule_is_another_repositorys(found, top, tmp_path):
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
    for words in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "all"]):
        written(tmp_path / "other", {"pytest.ini": "[pytest]\n", "run.sh": "pytest\n"})
        subprocess.run(["git", "-C", str(tmp_path / "other"), *words], check=True)
    found(".")
    added = ["submodule", "--quiet", "add", str(tmp_path / "other"), "lent"]
    subprocess.run(["git", "-C", str(top), *author, *added], check=True)
    assert not [name for name in found(".").texts if name.startswith("lent")]


def test_a_file_that_is_too_large_is_told_and_the_rest_is_read(found, top):
    written(top, {"tools/big.sh": "#" * (8 * 2**20 + 1)})
    files = found(".")
    assert "tools/big.sh" not in files.texts
    assert "big.sh" in str(files.unreadable[0])
    assert "pytest.ini" in files.texts
