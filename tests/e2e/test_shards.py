"""Shards in clones of their own, and what becomes of them when they are combined."""

import contextlib
import json
import re
import shutil
import sqlite3
import subprocess
import venv

import pytest

STEERED = """import os
import signal


def test_steered():
    if os.environ.get("STEER") == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.environ.get("STEER") != "fail"


def test_above():
    from app.alpha import grade

    assert grade(-1) == "below"
"""
KEYS = "matrix = ['3.14']\ntest-timeout = 60"


class Jobs:
    """A project, jobs that each have a clone of it, and the folder where their artifacts come together."""

    def __init__(self, project, open_project, root):
        self.project, self.open_project, self.root = project, open_project, root
        self.artifacts = root / "artifacts"

    def clone(self, name):
        subprocess.run(["git", "clone", "-q", self.project.root, self.root / name], check=True, timeout=60)
        return self.open_project(self.root / name)

    def shard(self, number, of, name, **env):
        job = self.clone(f"job of {name}")
        job.env.update(env)
        return job.run("run", "phase2", "--shard", f"{number}/{of}", "--artifact", str(self.artifacts / name))

    def combine(self, artifacts, name, *words):
        job = self.clone(name)
        return job, job.run("combine", str(artifacts), *words)

    def copied(self, to):
        return shutil.copytree(self.artifacts, to, ignore=shutil.ignore_patterns("crashed", "failed"))


@pytest.fixture(scope="module")
def jobs(make_project, open_project, tmp_path_factory):
    """A run in one piece, and the two shards of it, branches measured."""
    project = make_project(pytest='addopts = "--cov-branch"', keys=KEYS)
    project.write({"tests/unit/test_steered.py": STEERED})
    project.commit()
    jobs = Jobs(project, open_project, tmp_path_factory.mktemp("jobs"))
    jobs.whole = jobs.clone("whole")
    assert jobs.whole.run("run", "phase2").code == 0
    jobs.ran = {number: jobs.shard(number, 2, f"part-{number}") for number in (1, 2)}
    return jobs


def same(one, other):
    """What two records say of the project, less when and how it was said."""
    kept = ("phase", "selection", "kind", "totals", "scope", "outcomes", "tree")
    assert {key: one.record()[key] for key in kept} == {key: other.record()[key] for key in kept}
    assert one.detail() == other.detail()
    assert one.tests()["files"] == other.tests()["files"]
    assert one.tests()["seconds"].keys() == other.tests()["seconds"].keys()


def test_a_shard_runs_its_share_and_judges_its_tests_alone(jobs):
    assert [ran.code for ran in jobs.ran.values()] == [0, 0]
    assert [ran.value("shard") for ran in jobs.ran.values()] == ["1/2, 3 of 6 tests", "2/2, 3 of 6 tests"]
    assert "fail-under" not in jobs.ran[1].out
    assert "no durations are recorded yet" in jobs.ran[1].value("note")
    job = jobs.open_project(jobs.root / "job of part-1")
    assert (job.record()["kind"], job.record()["reasons"]) == ("partial", ["shard 1/2"])
    assert job.history() == []
    assert sorted(path.name for path in (jobs.artifacts / "part-1").iterdir()) == [
        *("data", "journal.jsonl", "junit.xml", "manifest.json")
    ]


def test_combined_shards_are_the_run_in_one_piece_to_the_branch(jobs):
    job, ran = jobs.combine(jobs.copied(jobs.root / "sound"), "joined")
    assert ran.code == 0, ran.out + ran.err
    same(job, jobs.whole)
    assert job.record()["scope"]["branch"]
    assert job.record()["provenance"]["shards"] == 2
    assert "fail-under 80: met" in ran.value("total")
    assert "2 shards" in ran.value("run")
    assert "phase2: no artifact of Python 3.14" in ran.value("note")
    assert any(job.record()["id"] in name for name in job.history())
    (folder,) = (job.root / ".coverage-roadmap" / "runs").iterdir()
    assert (folder / "junit.xml").read_text().count("<testcase ") == 6
    history = job.history()
    again = job.run("combine", str(jobs.root / "sound"))
    assert (again.code, [one["id"] for one in job.records()], job.history()) == (0, [folder.name], history)
    assert again.value("record") == f".coverage-roadmap/runs/{folder.name}"
    shutil.rmtree(job.root / ".coverage-roadmap")
    assert job.run("combine", str(jobs.root / "sound")).code == 0
    assert ([one["id"] for one in job.records()], job.history()) == ([folder.name], history)


@pytest.mark.slow
@pytest.mark.parametrize("addopts", ["", "--cov-branch", "--cov-branch -p no:randomly -n2", "--cov-context=test"])
def test_any_number_of_shards_gives_the_same_figures(make_project, open_project, tmp_path, addopts):
    project = make_project(pytest=f'addopts = "{addopts}"')
    project.write({"tests/unit/test_steered.py": STEERED})
    project.commit()
    jobs = Jobs(project, open_project, tmp_path)
    whole = jobs.clone("whole")
    assert whole.run("run", "phase2").code == 0
    assert {jobs.shard(number, 3, f"part-{number}").code for number in (1, 2, 3)} == {0}
    job, ran = jobs.combine(jobs.artifacts, "joined", "--gate", "threshold")
    assert ran.code == 0, ran.out + ran.err
    same(job, whole)
    again = job.run("combine", str(jobs.artifacts), "--gate", "threshold")  # all is remembered by now
    assert (again.code, len(job.records())) == (0, 1)
    same(job, whole)


def edit(**changes):
    """Changes the manifest of the second part."""

    def change(folder):
        path = folder / "part-2" / "manifest.json"
        manifest = json.loads(path.read_text())
        for key, value in changes.items():
            place = manifest
            *above, last = key.split("__")
            for name in above:
                place = place[name]
            place[last] = value
        path.write_text(json.dumps(manifest))

    return change


def replaced(old, new):
    """Changes the journal of the second part."""

    def change(folder):
        path = folder / "part-2" / "journal.jsonl"
        path.write_text(path.read_text().replace(old, new))

    return change


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda folder: shutil.rmtree(folder / "part-2"), 1, "shard 2/2 is missing"),
        (edit(record__provenance__commit="c" * 40), 1, "part-2 is of the commit cccccccccccc"),
        (edit(record__tree__tests="another"), 1, "part-2 ran on another measured tree than the one here: tests differ"),
        (
            replaced("test_grade[5-low]", "test_grade[0.7-low]"),
            1,
            "only in 1/2: tests/unit/test_alpha.py::test_grade[5-low]",
        ),
        (edit(format=1), 3, "artifact part-2, manifest.json: is of format 1, newer than ours (0)"),
        (edit(format="x"), 3, "artifact part-2, manifest.json: is corrupt"),
        (lambda folder: (folder / "part-2" / "manifest.json").unlink(), 3, "part-2: has lost its manifest.json"),
        (edit(record__phase="phase9"), 1, "artifact part-2: is of the phase phase9, which the config here has not"),
        (edit(config_file="../evil"), 3, "artifact part-2: names ../evil as coverage's settings"),
        (edit(config_file="src/app/beta.py"), 3, "names src/app/beta.py as coverage's settings, and not .coveragerc"),
        (lambda folder: (folder / "part-2" / "more").symlink_to("/etc"), 3, "part-2/more: is a link or a device"),
    ],
)
def test_what_is_no_whole_set_is_refused_and_named(jobs, tmp_path, change, code, said):
    folder = jobs.copied(tmp_path / "artifacts")
    change(folder)
    ran = jobs.whole.run("combine", str(folder))
    assert (ran.code, said in ran.err, "\n  next: " in ran.err) == (code, True, True), ran.out + ran.err
    assert jobs.whole.record()["provenance"]["shards"] == 1, "nothing is recorded"
    assert [path.name for path in (jobs.whole.root / ".coverage-roadmap" / "runs").iterdir()] == [
        one["id"] for one in jobs.whole.records()
    ], "no folder is left"


def test_where_nothing_can_count_no_folder_is_left(jobs, tmp_path):
    venv.create(tmp_path / "bare")
    ran = jobs.whole.run("combine", str(jobs.artifacts), "--python", str(tmp_path / "bare" / "bin" / "python"))
    assert (ran.code, "coverage missing" in ran.err) == (3, True), ran.err
    assert len(list((jobs.whole.root / ".coverage-roadmap" / "runs").iterdir())) == len(jobs.whole.records())


def test_another_leg_is_combined_beside_the_canonical_one_and_feeds_nothing(jobs, tmp_path):
    folder = jobs.copied(tmp_path / "artifacts")
    for number in (1, 2):
        shutil.copytree(folder / f"part-{number}", folder / f"other-{number}")
        path = folder / f"other-{number}" / "manifest.json"
        manifest = json.loads(path.read_text())
        manifest["record"]["provenance"]["leg"]["python"] = "3.14"
        path.write_text(json.dumps(manifest))
    job, ran = jobs.combine(folder, "two legs", "--require-legs")
    assert ran.code == 0, ran.out + ran.err
    assert re.search(r"phase2 on 3\.14 +passed +93\.75 +\+0\.00 +6 passed", ran.out)
    assert "phase2 on 3.14: measured on Python 3.14, and counted by" in " ".join(ran.out.split())
    assert [one["provenance"]["leg"]["canonical"] for one in job.records()] == [True, False]
    assert len([name for name in job.history() if name.endswith(".summary.json")]) == 1


def test_data_that_names_a_file_elsewhere_is_refused(jobs, tmp_path):
    folder = jobs.copied(tmp_path / "artifacts")
    (link := jobs.whole.root / "src" / "again").symlink_to("app")
    refused = {
        "../../etc/passwd": "which is no path in the project",
        "src/again/alpha.py": "which a link leads to",
        "tests/unit/test_core.py": "which is outside of source: src",
    }
    for name, said in refused.items():
        with contextlib.closing(sqlite3.connect(folder / "part-1" / "data" / "coverage.1")) as file, file:
            file.execute("UPDATE file SET path = ? WHERE id = 1", (name,))
        (jobs.whole.root / ".git" / "info" / "exclude").write_text("src/again\n")
        ran = jobs.whole.run("combine", str(folder))
        assert (ran.code, f"names {name}, {said}\n  next: " in ran.err) == (3, True), ran.err
    link.unlink()


def test_a_leg_that_left_nothing_fails_where_all_are_required(jobs, tmp_path):
    ran = jobs.whole.run("combine", str(jobs.copied(tmp_path / "artifacts")), "--require-legs")
    assert (ran.code, "no artifact of Python 3.14" in ran.err) == (1, True)
    empty = jobs.whole.run("combine", str(tmp_path.parent / "none"))
    assert (empty.code, "no such folder" in empty.err) == (2, True)
    (tmp_path / "empty").mkdir()
    assert jobs.whole.run("combine", str(tmp_path / "empty")).code == 1


@pytest.mark.parametrize(
    ("steer", "codes", "kind", "said"),
    [
        ("fail", (1, 1), "full", "1 failed"),
        ("crash", (3, 3), "failed", "failed: shard 2/2: pytest was ended by signal 9"),
    ],
)
def test_a_shard_that_failed_or_crashed_is_what_the_combined_run_is(jobs, steer, codes, kind, said, tmp_path):
    number = next(
        n for n, ran in jobs.ran.items() if "test_steered" in (jobs.artifacts / f"part-{n}" / "junit.xml").read_text()
    )
    ran = jobs.shard(number, 2, f"{steer}ed", STEER=steer)
    folder = jobs.copied(tmp_path / "artifacts")
    shutil.rmtree(folder / f"part-{number}")
    shutil.move(jobs.artifacts / f"{steer}ed", folder / steer)
    job, combined = jobs.combine(folder, f"joined {steer}")
    assert (ran.code, combined.code) == codes, combined.out + combined.err
    assert job.record()["kind"] == kind
    assert said.replace("2/2", f"{number}/2") in " ".join(combined.out.split())


def test_where_shards_of_two_divisions_lie_the_older_are_named_to_be_deleted(jobs, tmp_path):
    folder = jobs.copied(tmp_path / "artifacts")
    ran = jobs.shard(1, 1, "one of one")
    shutil.move(jobs.artifacts / "one of one", folder / "one of one")
    refused = jobs.whole.run("combine", str(folder))
    assert (ran.code, refused.code) == (0, 1)
    (told,) = re.findall(r"next: keep those of the newest run, 1 shard, and combine again: (.*)", refused.err)
    subprocess.run(told, shell=True, check=True, timeout=60)
    assert jobs.combine(folder, "joined one")[1].code == 0


@pytest.mark.parametrize("taken", ["artifacts", "artifacts/coverage-phase2-3.99-1-of-2/thesis.txt"])
def test_what_is_in_the_way_of_the_usual_folder_is_told_before_the_tests_run(jobs, taken):
    job = jobs.clone(f"taken {len(taken)}")
    path = job.root / ".coverage-roadmap" / taken
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    ran = job.run("run", "phase2", "--shard", "1/2")
    assert (ran.code, job.records(), path.read_text()) == (3, [], "mine")
    assert "next: name another: --artifact" in ran.err


def test_more_shards_than_tests_is_no_fault(jobs):
    ran = jobs.shard(9, 9, "idle")
    shutil.rmtree(jobs.artifacts / "idle")
    assert (ran.code, ran.value("shard")) == (0, "9/9, none of 6 tests: there are more shards than tests")


def test_the_matrix_names_what_each_shard_is_planned_from_and_a_job_finds_it_in_the_history(jobs):
    planned = jobs.whole.run("matrix", "--phase", "phase2", "--target-seconds", "1", "--max-shards", "2")
    data = json.loads(planned.out)
    record = next(one["id"] for one in jobs.whole.records() if one["kind"] == "full")
    ours = [one for one in data["include"] if one["canonical"]]
    of = len(ours)  # how many pay depends on how long each test took, which no test here decides
    assert of in (1, 2)
    assert [one["arguments"] for one in ours] == [f"--shard {n}/{of} --planned-from {record}" for n in range(1, of + 1)]
    job = jobs.open_project(jobs.root / "planned")
    subprocess.run(["git", "clone", "-q", jobs.whole.root, job.root], check=True, timeout=60)
    ran = job.run("run", "phase2", *ours[-1]["arguments"].split())
    assert (ran.code, ran.value("note")) == (0, "")
    (folder,) = (job.root / ".coverage-roadmap" / "artifacts").iterdir()
    assert folder.name == ours[-1]["artifact"]
    assert json.loads((folder / "manifest.json").read_text())["planned_from"] == record
