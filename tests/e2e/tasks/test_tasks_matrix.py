"""`matrix`: the CI jobs as JSON."""

import json
import sys

import pytest

PYTHON = "{}.{}".format(*sys.version_info[:2])


def jobs(out):
    data = json.loads(out)
    return [(job["session"], job["phase"], job["python"], job["canonical"]) for job in data["include"]]


@pytest.mark.parametrize(
    ("words", "phases"),
    [([], ["phase1"]), (["--phase", "phase2"], ["phase2"]), (["--all"], ["phase1", "phase2"])],
)
def test_the_matrix_is_phase_by_python_with_the_canonical_leg_marked(team, invoke, words, phases):
    ran = invoke(team, "matrix", *words)
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["format"] == 0
    expected = [job for p in phases for job in ((p, p, PYTHON, True), (f"{p}-3.14", p, "3.14", False))]
    assert jobs(ran.stdout) == expected


def test_githubs_output_gets_one_more_line_and_keeps_its_others(team, invoke, tmp_path):
    output = tmp_path / "output"
    output.write_text("earlier=1\n")
    ran = invoke(team, "matrix", env={"GITHUB_OUTPUT": str(output)})
    assert ran.returncode == 0
    first, second, *more = output.read_text().split("\n")
    assert (first, more) == ("earlier=1", [""])
    name, _, value = second.partition("=")
    assert name == "matrix"
    assert jobs(value) == jobs(ran.stdout)
    assert list(json.loads(value)) == ["include"], "GitHub takes each further key for one of the matrix"


def test_an_output_that_cannot_be_written_is_a_message(team, invoke, tmp_path):
    ran = invoke(team, "matrix", env={"GITHUB_OUTPUT": str(tmp_path)})
    assert ran.returncode == 3
    assert "cannot be written" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--phase", "phase1", "--all"], "give one of the two"),
        (["--phase", "phas2"], "did you mean phase2?"),
        (["--phase", "phase0"], "choose one of phase1, phase2"),
    ],
)
def test_a_wrong_choice_is_a_message(team, words, said):
    ran = team.run("matrix", *words)
    assert (ran.code, said in ran.err, ran.out) == (2, True, "")


def test_a_table_for_people(team):
    ran = team.run("matrix", "--format", "table")
    assert ran.code == 0
    assert "canonical" in ran.out
    assert "phase1-3.14" in ran.out


@pytest.mark.parametrize("words", [["--target-seconds", "0"], ["--max-shards", "257"], ["--max-shards", "two"]])
def test_a_matrix_takes_numbers_alone(team, words):
    ran = team.run("matrix", *words)
    assert (ran.code, "is no number from 1 to" in ran.err) == (2, True)
