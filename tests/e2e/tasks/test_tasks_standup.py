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


def checklist(told, team, *words):
    """The items of each topic: mark and text."""
    code, data = told(team, "standup", *words)
    assert (code, data["format"]) == (0, 0)
    return {topic["title"]: [(item["mark"], item["text"]) for item in topic["items"]] for topic in data["topics"]}


def test_what_was_verified_is_ticked_and_the_rest_is_not(team, told, edit):
    edit(team, "tox.ini", "under=40", "under=39")
    topics = checklist(told, team)
    assert list(topics) == [
        *("Open coverage tickets", "Stalled stories", "Distance to the phase's exit", "Next step"),
        *(
            "What moved the total",
            "Slowest failing tests",
            "Flaky tests",
            "Slowest tests",
            "CI threshold",
            "Fell below 50 %",
        ),
        *("Still below 50 %", "Waivers", "Assistance needed"),
    ]
    tickets = topics["Open coverage tickets"]
    assert ("unknown", "tickets: unknown until board.tracker is set") in tickets
    assert ("ticked", "Done: alpha") in tickets
    assert ("open", "Backlog: phase2 beta (no owner, 0 days old, no branch): no evidence of phase2 yet") in tickets
    assert topics["Stalled stories"] == [("ticked", "none of the open stories")]
    distance = topics["Distance to the phase's exit"]
    assert ("ticked", "green: 3 passed") in distance
    assert [mark for mark, text in distance if text.startswith("threshold")] == ["crossed"]
    assert topics["Slowest failing tests"] == [("ticked", f"none: 3 passed in {team.record()['id']}")]
    assert len(topics["Slowest tests"]) == 3
    assert ("ticked", "pytest.ini:3: 40") in topics["CI threshold"]
    assert ("crossed", "tox.ini:5: 39, the config says 40") in topics["CI threshold"]
    assert topics["Still below 50 %"] == [("crossed", "src/app/beta.py 0.00 %, 4 missed")]
    assert [mark for mark, _ in topics["What moved the total"] + topics["Fell below 50 %"]] == ["unknown"] * 2
    lacking = "pyfakefs is not in the project's requirements: invoke doctor --fix"
    assert ("crossed", lacking) in topics["Assistance needed"]
    assert any(mark == "open" and "tracker" in text for mark, text in topics["Assistance needed"])


def test_failing_tests_come_slowest_first(team, told, forge):
    forge(team, 0.01, **BROKEN)
    topics = checklist(told, team)
    at = f"{team.git('rev-parse', 'HEAD')[:8]} ({team.record()['provenance']['started'][:10]})"
    since = f"failing since {at}, last good unknown, it was not there before"
    assert topics["Slowest failing tests"] == [
        ("crossed", f"t.py::slow (9.50 s): boom; {since}"),
        ("crossed", f"t.py::middle (3.00 s): no @team <fixture>; {since}"),
        ("crossed", f"t.py::quick (0.10 s): assert 1 == 2; {since}"),
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
    for title in ("Slowest failing tests", "Slowest tests", "Still below 50 %"):
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
    forge(team, 0.01, kind="partial", reasons=["narrowed"])
    assert checklist(told, team)["Slowest failing tests"] == [("unknown", "none failed, and the last run is partial")]


def test_a_branch_of_a_story_moves_its_card(team, told):
    def column():
        texts = [text for _, text in checklist(told, team)["Open coverage tickets"]]
        return next(text.split(":")[0] for text in texts if " beta " in text)

    assert column() == "Backlog"
    team.git("branch", "-q", "coverage/beta")
    assert column() == "Backlog", "the branch has nothing of its own"
    team.git("checkout", "-q", "coverage/beta")
    team.git("rm", "-q", "tests/unit/test_beta.py")
    team.commit()
    team.git("checkout", "-q", "main")
    assert column() == "In Progress"


def test_a_week_is_told_by_the_record_from_before_it(team, told, forge):
    forge(team, -8 * 24)
    forge(team, -1, outcomes__failed=[{"id": "tests/unit/test_core.py::test_name", "when": "call", "reason": "E"}])
    topics = checklist(told, team)
    assert ("ticked", "+0.00 points") in [(mark, text.split(":")[0]) for mark, text in topics["What moved the total"]]
    assert topics["Fell below 50 %"] == [("ticked", "none")]
    assert topics["Still below 50 %"] == [("crossed", "src/app/beta.py 0.00 %, 4 missed")]
    assert topics["Flaky tests"] == [
        ("crossed", "tests/unit/test_core.py::test_name failed in 1 of 2 runs of one measured tree")
    ]
    ((mark, said),) = [
        item for item in checklist(told, team, "--since", "14d")["What moved the total"] if "before" in item[1]
    ]
    assert (mark, said.startswith("no full run of phase1 on the canonical leg from before 20")) == ("unknown", True)


def test_since_is_an_age_or_a_date_and_else_refused_with_advice(team):
    began = "2026-01-31"
    out = " ".join(team.run("standup", "--since", began).out.split())
    assert f"since {began} Open coverage tickets" in out
    assert f"no full run of phase1 on the canonical leg from before {began} to compare with" in out
    ran = team.run("standup", "--since", "soon")
    assert ran.code == 2
    assert "next: write hours, days or weeks, such as 36h, 7d or 2w, or a date such as 2026-11-19" in ran.err


def test_a_repository_without_commits_still_answers(team, told):
    shutil.rmtree(team.root / ".git")
    team.git("init", "-q")
    tickets = checklist(told, team)["Open coverage tickets"]
    assert ("open", "age unknown: the config is not in git, no branch") in [
        (mark, text.partition("owner, ")[2].partition(")")[0]) for mark, text in tickets
    ]


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


def test_a_record_whose_start_is_wrong_does_not_end_the_week(team, told, forge):
    forge(team, -1, tree="older")
    forge(team, 0.5, provenance__started="2001-01-01T00:00:00+00:00")
    topics = checklist(told, team)
    assert [text for mark, text in topics["Slowest failing tests"] if mark == "ticked"]
    assert topics["What moved the total"][0][1].startswith("no full run of phase1")
