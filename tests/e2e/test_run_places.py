"""Where a project lies: other checkouts, no git, no commit, dirty trees, odd names."""

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # a phase run for each


def test_a_config_elsewhere_drives_another_checkout_without_touching_it(project, tmp_path):
    here = tmp_path / "elsewhere"
    here.mkdir()
    head = project.git("rev-parse", "HEAD")
    project.env["COVERAGE_ROADMAP_CONFIG"] = os.path.relpath(project.root / "pyproject.toml", here)
    ran = project.run("run", "phase1", cwd=here)
    assert ran.code == 0
    assert ran.value("run").startswith("full, evidence")
    ignored = project.git("status", "--porcelain", "--ignored", "-unormal").splitlines()
    caches = {".coverage-roadmap/", ".pytest_cache/", "src/app/__pycache__/", "tests/unit/__pycache__/"}
    assert {line.removeprefix("!! ") for line in ignored} <= caches
    assert project.git("rev-parse", "HEAD") == head
    assert list(here.iterdir()) == []


def test_a_config_in_another_repository_drives_the_project_it_names(project, tmp_path):
    other = tmp_path / "roadmaps"
    other.mkdir()
    text = (project.root / "pyproject.toml").read_text()
    named = text.replace("workers = 1", 'workers = 1\nproject = "../project"')
    (other / "pyproject.toml").write_text(named[named.index("[tool.coverage-roadmap]") :])
    ran = project.run("run", "phase1", cwd=other)
    assert ran.code == 0
    assert project.record()["provenance"]["config"] == "pyproject.toml"
    assert [path.name for path in other.iterdir()] == ["pyproject.toml"]


def test_it_can_be_called_from_a_folder_below(project):
    assert project.run("run", "phase1", cwd=project.root / "src" / "app").code == 0
    assert project.record()["kind"] == "full"


def test_a_project_below_its_repository_keeps_its_history_under_its_own_path(tmp_path, project):
    top = tmp_path / "mono"
    shutil.copytree(project.root, top / "sub dir" / "ünit", ignore=shutil.ignore_patterns(".git"))
    project.root = top
    project.commit()
    project.root = top / "sub dir" / "ünit"
    ran = project.run("run", "phase1")
    assert ran.code == 0, ran.out + ran.err
    assert ran.value("run").startswith("full, evidence")
    assert project.record()["provenance"]["config"] == "sub dir/ünit/pyproject.toml"
    names = subprocess.run(
        ["git", "ls-tree", "-r", "-z", "--name-only", "--full-tree", "coverage-history"],
        **{"cwd": top, "capture_output": True, "check": True},
    ).stdout.decode()
    assert "sub dir/ünit/" in names


def test_without_git_it_works_and_says_what_is_unknown(project):
    shutil.rmtree(project.root / ".git")
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert "no git repository" in ran.value("note")
    assert ran.value("run").startswith("full, no evidence")
    assert "unknown" in "\n".join(line for line in ran.report if "coverage at least" in line)
    where = project.record()["provenance"]
    assert (where["commit"], where["branch"], where["head"]) == (None, None, None)


def test_without_the_git_program_it_works_as_without_git(project, tmp_path):
    project.env["PATH"] = str(tmp_path)
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert "git is missing" in ran.value("note")


def test_before_the_first_commit_it_works_and_says_so(project):
    shutil.rmtree(project.root / ".git")
    project.git("init", "-q", "-b", "main")
    ran = project.run("run", "phase1")
    assert ran.code == 0, ran.out + ran.err
    assert "no commit yet" in ran.value("note")
    assert project.record()["provenance"]["commit"] is None


def test_on_a_detached_head_the_branch_is_not_known(project):
    project.git("checkout", "-q", "--detach")
    assert project.run("run", "phase1").code == 0
    assert project.record()["provenance"]["branch"] is None


@pytest.mark.parametrize("name", ["src/app/core.py", "tests/unit/test_new.py"])
def test_a_dirty_tree_is_measured_named_and_no_evidence(project, name):
    path = project.root / name
    path.write_text((path.read_text() if path.exists() else "") + "\n\nX = 1\n")
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert f"1 file not as committed: {name}" in ran.value("note")
    assert "no evidence" in ran.value("run")
    record = project.record()
    assert record["provenance"]["dirty"] == [name]
    assert record["tree"] != record["provenance"]["head"]


@pytest.mark.parametrize("change", [{"README.md": "x"}, {"docs/a.md": "x"}])
def test_a_change_beside_what_is_measured_keeps_it_evidence(project, change):
    project.write(change)
    ran = project.run("run", "phase1")
    assert ran.value("run").startswith("full, evidence")


def test_a_bumped_threshold_keeps_it_evidence(project):
    project.config(keys="threshold = 1", pytest='addopts = "--cov-fail-under=55"')
    project.commit()
    project.config(keys="threshold = 2", pytest='addopts = "--cov-fail-under=56"')
    ran = project.run("run", "phase1")
    assert ran.value("run").startswith("full, evidence")


def test_another_python_than_the_configs_is_not_canonical_and_not_in_the_history(project):
    project.config(python="3.9")
    project.commit()
    ran = project.run("run", "phase1")
    assert ran.code == 0
    assert "not the canonical leg" in ran.value("run")
    assert project.record()["provenance"]["leg"]["canonical"] is False
    assert project.history() == []


@pytest.mark.parametrize(
    "name", ["with spaces", "ünïcödé 数据", "quote'\"s", "-dash", "new\nline", "[brackets]*?", "a%20b"]
)
def test_odd_folder_names_change_nothing(project, name, columns):
    odd = project.root.parent / name
    project.root.rename(odd)
    project.root = odd
    ran = project.run("run", "phase1")
    assert ran.code == 0, ran.out + ran.err
    assert ran.value("total") == "58.33 % (7 of 12 lines), fail-under 50: met"
    assert ran.value("run").startswith("full, evidence")
    assert max(map(columns, ran.report)) <= 80
    assert project.history()


def test_odd_module_and_test_names_are_shown_whole_in_80_columns(project, columns):
    long = "src/app/" + "ein_ordner_mit_langem_namen/" * 3 + "dätén_模块_verarbeitung.py"
    test = "tests/unit/test mit abstand/test_größe.py"
    project.write({long: "A = 1\n", test: "def test_größe():\n    assert True\n"})
    for folder in (project.root / long).parent, *list((project.root / long).parent.parents)[:2]:
        (folder / "__init__.py").touch()
    text = (project.root / "pyproject.toml").read_text()
    text = text.replace("src/app/alpha.py", long).replace("tests/unit/test_alpha.py", test)
    project.write({"pyproject.toml": text})
    project.commit()
    ran = project.run("run", "phase1", "--gate=none")
    assert ran.code == 0, ran.out + ran.err
    assert max(map(columns, ran.report)) <= 80
    assert "dätén_模块_verarbeitung.py" in "\n".join(ran.report)
    assert test in project.tests()["files"]
    assert long in project.detail()
    assert ran.value("run").startswith("full, evidence")


def test_a_source_that_is_a_link_to_elsewhere_is_measured(project, tmp_path):
    shutil.move(project.root / "src", tmp_path / "real")
    (project.root / "src").symlink_to(tmp_path / "real")
    ran = project.run("run", "phase1", "--gate=none")
    assert "Traceback" not in ran.err
    assert ran.code in (0, 1)
    assert project.record()["totals"]["statements"] == 12


def test_a_project_reached_through_a_link_is_measured_the_same(project, tmp_path):
    (tmp_path / "link").symlink_to(project.root)
    ran = project.run("run", "phase1", cwd=tmp_path / "link")
    assert ran.code == 0
    assert set(project.detail()) == {f"src/app/{name}.py" for name in ("__init__", "alpha", "beta", "core")}


def test_the_active_environment_is_used_and_a_named_python_wins(project, tmp_path):
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    shutil.copy(os.path.join(sys.prefix, "pyvenv.cfg"), venv) if sys.prefix != sys.base_prefix else None  # noqa: PTH118
    project.env["VIRTUAL_ENV"] = str(venv)
    bare = project.run("run", "phase1")
    assert str(venv / "bin" / "python") in bare.err + bare.out + json.dumps(project.records())
    assert project.run("run", "phase1", "--python", sys.executable).code == 0
