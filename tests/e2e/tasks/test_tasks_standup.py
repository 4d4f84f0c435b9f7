"""`standup`: ticks for what was verified, crosses, open boxes for people, unknown where data is missing."""

import json
import shutil

import pytest

BROKEN = {
    "outcomes__failed": [
        {"id": "t.py::quick", "when": "call", "reason": "assert 1 == 2"},
        {"id": "t.py::slow", "when": "call", "reason": "boom"},
    ],
    "outcomes__errors": [{"id": "t.py::middle", "when": "setup", "reason": "no @team <fixture>"}],
    "tests__seconds": {"t.py::quick": 0.1, "t.py::slow": 9.5, "t.py::middle": 3.0, "t.py::good": 20.0},
}


def checklist(told, team, **options):
    """The items of each topic: mark and text."""
    code, data = told(team, "standup", **options)
    assert (code, data["format"]) == (0, 0)
    return {topic["title"]: [(item["mark"], item["text"]) for item in topic["items"]] for topic in data["topics"]}


def test_what_was_verified_is_ticked_and_the_rest_is_not(team, told, edit):
    edit(team, "tox.ini", "under=40", "under=39")
    topics = checklist(told, team)
    assert list(topics) == [
        "Open coverage tickets",
        "Distance to the phase's exit",
        "Slowest failing tests",
        "Slowest tests",
        "CI threshold",
        "Files below 50 %",
        "Assistance needed",
    ]
    tickets = topics["Open coverage tickets"]
    assert ("unknown", "tickets: no tracker is set") in tickets
    assert ("ticked", "Done: phase1 alpha (no owner): tests merged and passed, modules at target") in tickets
    assert ("open", "Backlog: phase2 beta (no owner): no evidence of phase2 yet") in tickets
    distance = topics["Distance to the phase's exit"]
    assert ("ticked", "green: 3 passed") in distance
    assert [mark for mark, text in distance if text.startswith("threshold")] == ["crossed"]
    assert topics["Slowest failing tests"] == [("ticked", f"none: 3 passed in {team.record()['id']}")]
    assert len(topics["Slowest tests"]) == 3
    assert ("ticked", "pytest.ini:3: 40") in topics["CI threshold"]
    assert ("crossed", "tox.ini:5: 39, the config says 40") in topics["CI threshold"]
    assert topics["Files below 50 %"] == [("crossed", "src/app/beta.py 0.00 %, 4 missed")]
    lacking = "pyfakefs is not in the project's requirements: invoke doctor --fix"
    assert ("crossed", lacking) in topics["Assistance needed"]
    assert any(mark == "open" and "tracker" in text for mark, text in topics["Assistance needed"])


def test_failing_tests_come_slowest_first(team, told, forge):
    forge(team, 1, **BROKEN)
    topics = checklist(told, team)
    assert topics["Slowest failing tests"] == [
        ("crossed", "t.py::slow (9.50 s): boom"),
        ("crossed", "t.py::middle (3.00 s): no @team <fixture>"),
        ("crossed", "t.py::quick (0.10 s): assert 1 == 2"),
    ]
    assert topics["Slowest tests"][0] == ("open", "20.00 s t.py::good")
    assert ("crossed", "green: 3 of 3 tests failed") in topics["Distance to the phase's exit"]
    markdown = team.run("standup", "--format", "md").out
    assert "- [x] " in markdown
    assert "- [ ] " in markdown
    assert "@team" not in markdown
    assert "<fixture>" not in markdown


@pytest.mark.parametrize("change", ["no records", "older than a week", "of another selection"])
def test_without_a_run_of_these_days_it_is_unknown(team, told, forge, edit, change):
    if change == "of another selection":
        edit(team, "pyproject.toml", 'exclude = ["tests/unit/test_beta.py"]', "exclude = []")
    else:
        team.git("branch", "-qD", "coverage-history")
        forge(team, -200)
        for folder in (team.root / ".coverage-roadmap" / "runs").iterdir():
            if change == "no records" or not (folder / "forged").exists():
                shutil.rmtree(folder)
    topics = checklist(told, team)
    for title in ("Slowest failing tests", "Slowest tests", "Files below 50 %"):
        ((mark, text),) = topics[title]
        assert (mark, text.endswith("in the last 7 days")) == ("unknown", True)
    if change != "older than a week":
        ((mark, _),) = [item for item in topics["Distance to the phase's exit"] if item[1].startswith("phase1: no ")]
        assert mark == "unknown"
        assert not [text for mark, text in topics["Distance to the phase's exit"] if mark == "ticked"]


def test_a_clock_that_went_back_is_said_and_nothing_breaks(team, told, forge):
    future = forge(team, 24 * 400)
    topics = checklist(told, team)
    assert ("open", f"{future} lies in the future: a clock went back, or is wrong") in topics["Assistance needed"]
    for words in (["status"], ["exit-check"], ["bump", "--to", "50", "--dry-run"]):
        ran = team.run(*words)
        assert "Traceback" not in ran.err
        assert ran.code in (0, 1)


def test_a_last_run_that_is_partial_is_no_proof_that_none_fails(team, told, forge):
    forge(team, 1, kind="partial", reasons=["narrowed"])
    assert checklist(told, team)["Slowest failing tests"] == [("unknown", "none failed, and the last run is partial")]


def test_a_branch_of_a_story_moves_its_card(team, told):
    def column():
        texts = [text for _, text in checklist(told, team)["Open coverage tickets"]]
        return next(text.split(":")[0] for text in texts if " beta " in text)

    assert column() == "Backlog"
    team.git("branch", "-q", "coverage/beta")
    assert column() == "Ready for Review", "the story's tests are there already"
    team.git("checkout", "-q", "coverage/beta")
    team.git("rm", "-q", "tests/unit/test_beta.py")
    team.commit()
    team.git("checkout", "-q", "main")
    assert column() == "In Progress"


def test_without_git_or_records_it_still_answers(team, told, invoke):
    for name in (".git", ".coverage-roadmap"):
        shutil.rmtree(team.root / name)
    topics = checklist(told, team)
    assert {mark for mark, _ in topics["Distance to the phase's exit"]} == {"unknown"}
    ran = invoke(team, "standup")
    assert ran.returncode == 0
    assert "[?] no run in the last 7 days" in ran.flat
    assert all(len(line) <= 80 for line in ran.stdout.splitlines())


def test_the_words_are_the_same_in_each_view(team, invoke):
    data = json.loads(invoke(team, "standup", "--format", "json").stdout)
    table = invoke(team, "standup").flat
    for topic in data["topics"]:
        assert topic["title"] in table
