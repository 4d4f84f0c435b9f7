"""The words of the tasks: lists, help, formats; a wrong word is a message and code 2, never a traceback."""

import json
import shutil
import subprocess
import sys

import pytest

TASKS = (
    *("baseline", "bump", "check", "close", "diff", "doctor", "exit-check", "history", "history.prune", "history.push"),
    *("history.show", "matrix", "pr-summary", "standup", "status", "waive", "board", "targets", "mirror", "ci"),
    "dashboard",
)
ELSEWHERE = ("ci", "mirror")
"""Which want a noxfile or a tracker: they are asked in tests/e2e/ci and tests/mirror."""
FORMATS = {"diff": 1, "board": 1}
"""The version of a command's data, where it is not the first."""
ASKED = {
    "baseline": ["--dry-run"],
    "bump": ["--to", "50", "--dry-run"],
    "diff": ["--from", "2", "--to", "2"],
    "close": ["--dry-run"],
    "history.prune": ["--keep", "365d", "--dry-run"],
    "waive": ["--what=scope src/old/*", "--reason=moved out", "--owner=kim", "--until=30d", "--dry-run"],
}


def test_the_tasks_are_listed_with_a_line_each(team, invoke):
    ran = invoke(team, "--list")
    assert ran.returncode == 0
    listed = json.loads(invoke(team, "--list", "--list-format=json").stdout)
    found = {task["name"]: bool(task["help"]) for task in listed["tasks"]}
    for group in listed["collections"]:
        named = {f"{group['name']}.{task['name']}": bool(task["help"]) for task in group["tasks"]}
        found |= {group["name"]: named.pop(f"{group['name']}.{group['default']}"), **named}
    assert found == dict.fromkeys(TASKS, True)
    program = team.run("--help").out
    assert all(f"\n  {task} " in program for task in (*TASKS, "run"))


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_each_task_has_help_with_an_example(team, invoke, task):
    example = f"invoke {task}"
    by_task = invoke(team, "--help", task)
    assert by_task.returncode == 0
    assert f"Example: {example}" in by_task.flat
    by_program = team.run(task, "--help")
    assert by_program.code == 0
    assert f"example: {example}" in by_program.out
    options = [word.split("=")[0] for word in by_task.stdout.split() if word.startswith("--") and "=" in word]
    assert "--format" in options
    assert all(option in by_program.out for option in options)


@pytest.mark.slow
@pytest.mark.parametrize("task", [task for task in TASKS if task not in ELSEWHERE])
def test_each_task_answers_for_machines_with_the_format_of_its_data(ready, invoke, task):
    ran = invoke(ready, task, *ASKED.get(task, []), "--format", "json")
    assert ran.returncode in (0, 1), ran.stderr
    assert json.loads(ran.stdout)["format"] == FORMATS.get(task, 0)
    markdown = ready.run(task, *ASKED.get(task, []), "--format", "md")
    assert markdown.out.startswith("## ")
    table = ready.run(task, *ASKED.get(task, []), "--format", "table")
    assert table.out
    assert {markdown.code, table.code} == {ran.returncode}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status", "--story", "alpha", "--story", "beta"], "--story: is given twice"),
        (["bump", "--to", "50", "--to=51"], "--to: is given twice"),
        (["close", "--dry-run", "--dry-run"], "--dry-run: is given twice"),
        (["status", "--format", "xml"], "--format xml"),
        (["status", "--stori", "alpha"], "did you mean --story?"),
        (["status", "--story"], "needs a value"),
        (["status", "--story="], "not empty"),
        (["status", "alpha"], "status --help"),
        (["status", "--", "x"], "takes no further arguments"),
        (["close", "--dry-run=yes"], "takes no value"),
        (["exit-check", "--phase", "phase0"], "--phase phase0"),
        (["exitcheck"], "did you mean exit-check?"),
        (["bump"], "bump: needs one of --to, --phase and --auto"),
        (["history.prune"], "history.prune --keep: is needed"),
        (["bump", "--to", "--dry-run"], "is no percentage"),
        (["matrix", "--phase", "\x1b[31mred"], "\\x1b[31mred"),
    ],
)
def test_a_wrong_word_is_a_message_and_2(team, words, said):
    ran = team.run(*words)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bump"], "bump: needs one of --to, --phase and --auto"),
        (["bump", "--to", "x"], "is no percentage"),
        (["status", "--format", "xml"], "--format xml"),
        (["status", "--story", "a b 'c'"], "a b 'c'"),
        (["exit-check", "--phase="], "not empty"),
        (["exit-check", "--phase", "phase7"], "did you mean"),
    ],
)
def test_a_tasks_wrong_value_is_a_message_and_2(team, invoke, words, said):
    ran = invoke(team, *words)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("words", [["status", "--nope"], ["nope"], ["status", "--story"]])
def test_invokes_own_usage_errors_are_1_and_no_traceback(team, invoke, words):
    ran = invoke(team, *words)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_each_task_without_a_config_says_how_to_get_one(team, invoke, task):
    (team.root / "pyproject.toml").unlink()
    ran = invoke(team, task, *ASKED.get(task, []))
    assert ran.returncode == 2
    assert "no pyproject.toml with [tool.coverage-roadmap] here or above" in ran.stderr


def test_tasks_of_one_call_run_after_each_other_and_the_first_failure_ends_it(team, invoke):
    ran = invoke(team, "matrix", "exit-check", "status")
    assert ran.returncode == 1
    assert '"include"' in ran.stdout
    assert "Exit check" in ran.stdout
    assert "Roadmap" not in ran.stdout


def test_a_tasks_file_beside_an_invoke_without_the_package_says_what_to_install(team, tmp_path):
    shutil.copy(team.root / "tasks.py", tmp_path)
    (tmp_path / "coverage_roadmap.py").write_text("")
    team.env["PYTHONPATH"] = str(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "invoke", "--list"],
        cwd=tmp_path,
        env=team.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "is not installed beside this invoke" in ran.stderr
    assert "pip install -r requirements-dev.txt" in ran.stderr


@pytest.mark.parametrize("width", ["20", "80", "400"])
def test_no_width_breaks_a_table_or_cuts_a_name(team, invoke, width):
    ran = invoke(team, "status", "--story", "alpha", env={"COLUMNS": width, "TERM": "dumb"})
    assert ran.returncode == 0
    assert "alpha.py" in ran.stdout.replace("\n", "").replace(" ", "")
