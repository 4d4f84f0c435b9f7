"""Records of other machines: what cannot be read is said and skipped; the others still answer."""

import json
import re
import shutil

import pytest

GOOD = "top/2026-01/20260101T000000000000Z-phase1-{:08x}.summary.json"
COMMANDS = (["status"], ["exit-check"], ["standup"], ["bump", "--to", "50", "--dry-run"])


def put_into_history(team, files):
    """Commit files on the history branch, as another machine could."""
    work = team.root.parent / "history"
    team.git("worktree", "add", "-q", str(work), "coverage-history")
    for name, content in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(content)
    team.git("-C", str(work), "add", "-A")
    team.git("-C", str(work), "commit", "-qm", "hostile")
    team.git("worktree", "remove", "--force", str(work))


def summary(team, **changes):
    return json.dumps({**team.record(), **changes}).encode()


HOSTILE = {
    "no JSON": (lambda team: b"{not json", "is corrupt"),
    "empty": (lambda team: b"", "is missing, empty, or larger"),
    "deep": (lambda team: b"[" * 200_000, "is corrupt"),
    "no text": (lambda team: b"\xff\xfe\x00", "is corrupt"),
    "newer": (lambda team: summary(team, format=7), "is of format 7, newer than ours"),
    "huge id": (lambda team: summary(team, id="9" * 100_000), "is corrupt"),
    "path as id": (lambda team: summary(team, id="../../../etc/passwd"), "is corrupt"),
    "unknown key": (lambda team: summary(team, more=1), "is corrupt"),
    "huge count": (lambda team: summary(team, totals={"statements": 10**30}), "is corrupt"),
    "impossible": (lambda team: summary(team, totals={"statements": 1, "missing": 2}), "is corrupt"),
    "no time": (
        lambda team: summary(team, provenance={**team.record()["provenance"], "started": "yesterday"}),
        "is corrupt",
    ),
}


def test_each_hostile_record_in_the_history_is_said_and_skipped(ready, told):
    names = {kind: GOOD.format(number) for number, kind in enumerate(HOSTILE)}
    put_into_history(ready, {names[kind]: make(ready) for kind, (make, _) in HOSTILE.items()})
    code, data = told(ready, "exit-check")
    assert (code, data["answer"]) == (0, "met")
    assert len(data["notes"]) == len(HOSTILE)
    for kind, (_, said) in HOSTILE.items():
        (note,) = [note for note in data["notes"] if names[kind] in note]
        assert said in note
        assert len(note) < 1000
    for words in COMMANDS:
        ran = ready.run(*words)
        assert (ran.code, "Traceback" in ran.err) == (0, False), ran.err


def test_the_words_of_a_hostile_record_reach_no_terminal(ready, forge):
    hostile = "\u001b]0;owned\u0007\u202e @team <b>| ::error::x"
    forge(ready, 0.01, outcomes__failed=[{"id": hostile, "when": "call", "reason": hostile}])
    for form in ("table", "md"):
        out = ready.run("standup", "--format", form).out
        assert "owned" in out
        assert not {"\u001b", "\u0007", "\u202e"} & set(out)
        assert not re.search(r"^\s*::", out, re.MULTILINE)
    assert "<b>" not in out
    assert "@team" not in out


def test_a_record_of_an_unknown_commit_counts_for_nothing(ready, told, forge):
    forge(ready, 1, provenance__commit="f" * 40, kind="failed")
    code, data = told(ready, "exit-check")
    assert code == 1
    assert {c["question"].split(" at ")[0]: c["answer"] for c in data["criteria"]}["coverage"] == "met"


@pytest.mark.parametrize("commit", ["--all", "HEAD", "main\nmain", "", "zz"])
def test_a_commit_that_is_none_is_handed_to_no_git_as_a_word(ready, told, forge, commit):
    real = ready.record()["provenance"]["commit"]
    forge(ready, 1, provenance__commit=commit)
    assert told(ready, "exit-check")[0] in (0, 1)
    ran = ready.run("close", "--dry-run")
    assert ran.code == 0, ran.err
    assert f'commit = "{real}"' in ran.out


@pytest.mark.parametrize("content", [b"{", b"", b"\x00" * 100])
def test_a_corrupt_record_in_the_cache_is_said_and_skipped(ready, told, forge, content):
    bad = forge(ready, 1)
    (ready.root / ".coverage-roadmap/runs" / bad / "summary.json").write_bytes(content)
    code, data = told(ready, "exit-check")
    assert code == 0
    assert bad in data["notes"][0]
    shown = ready.run("status").out
    assert "is corrupt" in shown


def test_a_lost_or_corrupt_per_file_part_makes_unknown_what_rests_on_it(ready, told):
    runs = ready.root / ".coverage-roadmap" / "runs"
    for detail in runs.glob("*/detail.json"):
        detail.write_text("{")
    assert told(ready, "exit-check")[0] == 0, "the history has it whole"
    ready.git("branch", "-qD", "coverage-history")
    code, data = told(ready, "exit-check")
    judged = {c["question"]: c["answer"] for c in data["criteria"]}
    assert (code, judged["board closed"], judged["green"]) == (1, "unknown", "met")
    assert ready.run("standup").code == 0
    assert ready.run("status", "--story", "alpha").code == 0


@pytest.mark.parametrize("state", ["a file as cache", "a branch that is not ours", "no runs"])
def test_odd_places_still_answer(ready, told, state):
    cache = ready.root / ".coverage-roadmap"
    if state == "a branch that is not ours":
        ready.git("branch", "-qf", "coverage-history", "main")
    else:
        shutil.rmtree(cache)
        if state == "a file as cache":
            cache.write_text("")
        else:
            cache.mkdir()
    for words in COMMANDS:
        ran = ready.run(*words)
        assert (ran.code, "Traceback" in ran.err) == (0, False), ran.err
