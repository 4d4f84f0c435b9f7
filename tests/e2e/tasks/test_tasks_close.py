"""`close`: the running phase alone, only when its exit-check is met, by one line in the config."""

import difflib
import tomllib
from datetime import UTC, datetime

import pytest

INLINE = """[tool.coverage-roadmap]
source = ["src"]
tests = ["tests/unit"]
requirements = ["requirements-dev.txt"]
threshold = 50
phases = [
  { name = "phase1", fail-under = 50, exclude = ["tests/unit/test_beta.py"], exit = [{ criterion = "green" }] }, # 1
  { name = "phase2", fail-under = 80 },  # 2
]
[tool.coverage.report]
fail_under = 40  # where there is no .coveragerc
"""


def phases(team):
    table = tomllib.loads((team.root / "pyproject.toml").read_bytes().decode())
    return table["tool"]["coverage-roadmap"]["phases"]


def changes(before, after):
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return [line for line in difflib.ndiff(old, new) if line[0] in "+-"]


def test_an_unmet_phase_is_not_closed_and_what_bars_it_is_named(team, invoke, contents):
    before = contents(team)
    ran = invoke(team, "close", "--phase", "phase1")
    assert ran.returncode == 1
    assert "not met: threshold at least 50 everywhere" in ran.stderr
    assert contents(team) == before


@pytest.mark.parametrize(
    ("phase", "said"),
    [("phase2", "is not the running phase, which is phase1"), ("phase9", "did you mean"), ("x", "choose one of")],
)
def test_only_the_running_phase_is_closed(ready, contents, phase, said):
    before = contents(ready)
    ran = ready.run("close", "--phase", phase)
    assert (ran.code, said in ran.err) == (2, True)
    assert contents(ready) == before


def test_a_dry_run_shows_the_edit_whole_and_writes_nothing(ready, contents, invoke):
    before = contents(ready)
    ran = invoke(ready, "close", "--dry-run")
    assert ran.returncode == 0
    record = ready.record()
    line = f'+closed = {{ on = {datetime.now(UTC):%Y-%m-%d}, commit = "{record["provenance"]["commit"]}", record = "'
    assert f'{line}{record["id"]}" }}' in ran.stdout.splitlines()
    assert contents(ready) == before


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_closing_adds_one_line_and_keeps_all_others(ready, edit, told, invoke, newline):
    edit(ready, "pyproject.toml", "\n", newline)
    ready.commit()
    file = ready.root / "pyproject.toml"
    file.chmod(0o640)
    before = file.read_bytes().decode()
    assert invoke(ready, "close", "--phase", "phase1").returncode == 0
    after = file.read_bytes().decode()
    (added,) = changes(before, after)
    assert added.startswith("+ closed = { on = ")
    assert added.endswith(f'" }}{newline}')
    assert after.count("\r") == (after.count("\n") if newline == "\r\n" else 0)
    assert file.stat().st_mode & 0o777 == 0o640
    closed = phases(ready)[0]["closed"]
    record = ready.record()
    assert (closed["record"], closed["commit"]) == (record["id"], record["provenance"]["commit"])

    ready.commit()
    code, data = told(ready, "exit-check", "--phase", "phase1")
    assert (code, data["answer"], data["closed"]["record"]) == (0, "met", record["id"])
    assert f"closed on {closed['on']}" in ready.run("exit-check", "--phase", "phase1").out
    assert [p["running"] for p in told(ready, "status")[1]["phases"]] == [False, True]
    again = ready.run("close", "--phase", "phase1")
    assert (again.code, "is closed already" in again.err) == (2, True)


def test_a_phase_in_an_inline_table_is_closed_in_its_line(ready):
    ready.write({"pyproject.toml": INLINE})
    ready.commit()
    ran = ready.run("close")
    assert ran.code == 0, ran.err
    text = (ready.root / "pyproject.toml").read_text()
    assert [line[2:30] for line in changes(INLINE, text) if line[0] == "+"] == ['  { name = "phase1", fail-un']
    assert phases(ready)[0].pop("closed")["record"] == ready.record()["id"]
    assert phases(ready)[1] == {"name": "phase2", "fail-under": 80}
    assert text.count("# 1") == text.count("# 2") == 1


def test_a_closed_phase_stays_closed_and_a_later_loss_is_a_regression(ready, told, edit, invoke):
    assert ready.run("close").code == 0
    edit(ready, "src/app/core.py", "'core'", "'broken'")
    ready.commit()
    ran = ready.run("run", "phase1")
    assert ran.code == 1
    assert "green: 1 of 3 tests failed" in ran.value("note")
    assert "regression of phase1" in ran.value("note")
    first = told(ready, "status")[1]["phases"][0]
    assert first["closed"]
    assert "green: 1 of 3 tests failed" in first["regression"]
    judged = ready.run("exit-check", "--phase", "phase1")
    assert judged.code == 1
    assert "closed on" in judged.out
    assert "regression" in judged.out
    standup = invoke(ready, "standup").flat
    assert "[!] regression: phase1: green: 1 of 3 tests failed" in standup


def test_when_every_phase_is_closed_all_commands_say_so(ready, told, edit):
    edit(ready, "pyproject.toml", ', { criterion = "documented-in-pr", stories = ["beta"] }', "")
    record = ready.record()
    closed = f'closed = {{ on = 2026-01-31, commit = "{"a" * 40}", record = "{record["id"]}" }}\n'
    edit(ready, "pyproject.toml", "fail-under = 80\n", "fail-under = 80\n" + closed)
    edit(ready, "pyproject.toml", "fail-under = 50   # half\n", "fail-under = 50\n" + closed)
    assert ready.run("status").code == 0
    assert ready.run("matrix").code == 0
    assert "every phase is closed" in ready.run("standup").out
    for words in (["exit-check"], ["close"]):
        ran = ready.run(*words)
        assert (ran.code, "every phase is closed" in ran.err) == (2, True)
    assert ready.run("bump", "--to", "60").code == 1


def test_a_stale_or_a_dirty_run_closes_nothing(ready, edit, contents, forge):
    forge(ready, 1, provenance__head={"source": "other"})
    before = contents(ready)
    assert ready.run("close").code == 0, "the newest evidence is older than the dirty run"
    (ready.root / "pyproject.toml").write_bytes(before["pyproject.toml"])
    edit(ready, "src/app/core.py", "'core'", "'co' 're'")
    ready.commit()
    ran = ready.run("close")
    assert ran.code == 1
    assert "stale, source changed since" in ran.err
    assert contents(ready) == before
