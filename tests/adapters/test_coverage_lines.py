"""A coverage.json as a measurement of the project: coverage's own, made from any folder, and hostile ones."""

import json
import subprocess
import sys

import pytest

from coverage_roadmap.adapters import coverage_lines
from coverage_roadmap.core.measurement import Counts, FileFigures
from coverage_roadmap.errors import RecordError

CODE = "import sys\nif len(sys.argv) > 1:\n    print('more')\nfor i in range(2):\n    pass\nx = 1 if i else 2\n"


def read(repo, project="app", wanted=("src/a.py",), name="c.json"):
    found = repo.found(project)
    return coverage_lines.read(repo.top / name, "c", found, found.project, wanted)


@pytest.mark.parametrize("folder", ["app", "."])
@pytest.mark.parametrize("branch", [True, False])
def test_a_real_report_made_in_the_project_or_at_the_top_gives_its_lines(repo, folder, branch):
    repo.commit({"app/src/a.py": CODE, "app/src/never.py": "def f():\n    return 1  # pragma: no cover\n\n\ny = 2\n"})
    source = "src" if folder == "app" else "app/src"
    words = [["run", *(["--branch"] if branch else []), f"--source={source}", f"{source}/a.py"]]
    for command in [*words, ["json", "-o", str(repo.top / "c.json")]]:
        done = [sys.executable, "-m", "coverage", *command]
        subprocess.run(done, cwd=repo.top / folder, check=True, capture_output=True, timeout=60)
    told = read(repo)
    assert told.branch is branch
    counts = told.files["src/a.py"].counts
    assert (counts.statements, counts.missing, bool(counts.branches)) == (6, 1, branch)
    assert told.files["src/a.py"].missing_lines == ((3, 3),)
    assert told.files["src/a.py"].covered_lines == ((1, 2), (4, 6))
    assert told.files["src/never.py"].counts.missing == 2
    assert told.files["src/never.py"].missing_lines == ()


def write(repo, files, **meta):
    repo.commit({"app/src/a.py": CODE})
    made = {
        name: {"executed_lines": [1], "missing_lines": [3, 4], "summary": SUMMARY, **one} for name, one in files.items()
    }
    (repo.top / "c.json").write_text(json.dumps({"meta": {"format": 3, **meta}, "files": made}))


SUMMARY = {"num_statements": 3, "missing_lines": 2, "percent_covered": 33.3}


def test_absolute_paths_are_the_project_s_and_others_stay_as_they_are(repo):
    write(repo, {f"{repo.top.resolve()}/app/src/a.py": {}, "lib/x.py": {}, "a\0b": {}})
    told = read(repo)
    assert told.files["src/a.py"] == FileFigures(Counts(3, 2), ((3, 4),), ((1, 1),))
    assert told.files["lib/x.py"] == FileFigures(Counts(3, 2))
    assert sorted(told.files) == ["a\0b", "lib/x.py", "src/a.py"]


@pytest.mark.parametrize(
    ("one", "meta", "said"),
    [
        ({"missing_lines": "x"}, {}, "is no coverage.json"),
        ({"missing_lines": [-3, 4]}, {}, "is no coverage.json"),
        ({"missing_lines": [3]}, {}, "lines of src/a.py are not as many as its counts say"),
        ({"executed_lines": [1, 2]}, {}, "lines of src/a.py are not as many as its counts say"),
        ({"summary": {"num_statements": 1, "missing_lines": 2}}, {}, "more is missing than there is"),
        ({"summary": {}}, {}, "is no coverage.json"),
        ({}, {"format": 9}, "is of format 9, which we do not know"),
    ],
)
def test_what_cannot_be_is_refused_with_the_file_and_the_way_out(repo, one, meta, said):
    write(repo, {"src/a.py": one}, **meta)
    with pytest.raises(RecordError, match=said) as refused:
        read(repo)
    assert (refused.value.where, refused.value.next_step) == ("c", coverage_lines.AGAIN)


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, "null", '{"files": []}', "\udcff"])
def test_what_is_no_report_is_refused(repo, content):
    write(repo, {})
    (repo.top / "c.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(RecordError, match="is no coverage"):
        read(repo)


def test_a_report_of_another_project_is_refused_and_an_empty_one_is_empty(repo):
    write(repo, {"lib/x.py": {}})
    with pytest.raises(RecordError, match="holds none of the project's files: its first is lib"):
        read(repo)
    write(repo, {})
    assert read(repo).files == {}
