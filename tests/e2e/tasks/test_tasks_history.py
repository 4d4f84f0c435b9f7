"""`history`, `history.show`, `history.push` and `history.prune`, as a user calls them."""

import json
from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def remote(team, tmp_path):
    """A bare remote of the team's repository."""
    team.git("init", "-q", "--bare", str(tmp_path / "bare.git"))
    team.git("remote", "add", "origin", str(tmp_path / "bare.git"))
    return tmp_path / "bare.git"


def test_records_are_listed_newest_first_and_shown(team, told, forge):
    newer = forge(team, 1, kind="partial", reasons=["narrowed by hand (-x)"])
    code, data = told(team, "history")
    assert (code, data["count"], data["unpublished"]) == (0, 2, 1)
    first, second = data["records"]
    assert (first["record"], first["kind"], first["evidence"]) == (newer, "partial", False)
    assert first["why_no_evidence"] == "the run is partial: narrowed by hand (-x)"
    assert second["evidence"]
    assert len(told(team, "history", "--last", "1")[1]["records"]) == 1
    assert told(team, "history", "--phase", "phase2")[1]["records"] == []
    shown = told(team, "history.show", "--record", second["record"][:20])[1]
    assert shown["record"] == second["record"]
    assert shown["files"]["src/app/alpha.py"]["missing"] == 1
    table = team.run("history.show", "--record", second["record"]).out
    assert f"Record {second['record']}" in table
    assert "3 passed of 3" in table


def test_the_tasks_of_invoke_have_the_same_names(team, invoke):
    for name in ("history", "history.list", "history.show"):
        ran = invoke(team, name, "--format", "json")
        assert json.loads(ran.stdout)["format"] == 0, ran.stderr


def test_it_is_pushed_and_a_second_push_has_nothing_to_do(team, told, remote):
    assert team.run("history.push").out.splitlines()[0] == "History push"
    code, again = told(team, "history.push")
    assert (code, again["moved"], again["remote"]) == (0, False, "origin")
    assert "coverage-history" in team.git("ls-remote", str(remote))
    assert told(team, "history")[1]["unpublished"] == 0


def test_without_a_remote_there_is_nothing_to_publish(team):
    ran = team.run("history.push")
    assert (ran.code, "has no remote" in ran.out) == (0, True)
    assert "no, 1 commit to go: the repository has no remote" in " ".join(team.run("history").out.split())
    team.git("remote", "add", "one", "x")
    team.git("remote", "add", "two", "y")
    several = team.run("history.push")
    assert (several.code, "name one: --remote NAME" in several.err) == (2, True)


def test_a_clone_that_did_not_fetch_the_history_says_what_fetches_it(team, remote, told):
    assert team.run("history.push").code == 0
    for name in ("refs/heads/coverage-history", "refs/remotes/origin/coverage-history"):
        team.git("update-ref", "-d", name)
    assert "published unknown: invoke history.push fetches what the remote has" in " ".join(
        team.run("history").out.split()
    )
    assert told(team, "history")[1]["unpublished"] is None
    team.git("fetch", "-q", "origin", "coverage-history:refs/remotes/origin/coverage-history")
    assert "nothing to publish: no branch of ours is here" in " ".join(team.run("history").out.split())
    only_there = team.run("history.prune", "--keep", "30d")
    assert (only_there.code, "coverage-history is on a remote, and not here" in only_there.err) == (1, True)
    assert only_there.err.endswith("next: invoke history.push, which fetches it\n")
    assert team.run("history.push").code == 0
    assert "published yes" in " ".join(team.run("history").out.split())
    assert "there is nothing to do" in team.run("history.prune", "--keep", "30d").out


def test_a_branch_that_is_not_ours_is_not_thinned(team):
    team.git("update-ref", "refs/heads/coverage-history", "main")
    ran = team.run("history.prune", "--keep", "30d")
    assert (ran.code, "coverage-history exists and is no coverage history" in ran.err) == (3, True)


def test_a_remote_that_cannot_be_reached_is_told_with_gits_own_words_and_what_to_look_at(team):
    team.git("remote", "add", "origin", str(team.root / "gone.git"))
    ran = team.run("history.push")
    assert ran.code == 3
    assert "gone.git' does not appear to be a git repository" in ran.err
    assert "; ;" not in ran.err
    assert ran.err.endswith("next: see git remote -v, and whether git ls-remote origin answers\n")


def age(team, days):
    """Put a copy of the newest record so many days earlier on the history branch."""
    record = team.record()
    at = datetime.now(UTC) - timedelta(days=days)
    identity = f"{at:%Y%m%dT%H%M%S%f}Z-phase1-{days:08x}"
    record = {**record, "id": identity, "provenance": {**record["provenance"], "started": at.isoformat()}}
    work = team.root.parent / "history"
    team.git("worktree", "add", "-q", str(work), "coverage-history")
    folder = work / "top" / f"{at:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{identity}.summary.json").write_text(json.dumps(record))
    (folder / f"{identity}.detail.json").write_text("{}")
    team.git("-C", str(work), "add", ".")
    team.git("-C", str(work), "commit", "-qm", "older")
    team.git("worktree", "remove", "--force", str(work))
    return identity


def test_thinning_shows_then_removes_what_its_rules_let_go_and_keeps_the_rest(team, told):
    first = datetime.now(UTC).replace(day=1) - timedelta(days=400)
    days = (datetime.now(UTC) - first.replace(day=20)).days
    kept, gone = age(team, days), age(team, days + 1)
    code, plan = told(team, "history.prune", "--keep", "365d", "--dry-run")
    assert (code, plan["gone"], plan["applied"]) == (0, [gone], False)
    assert gone in team.git("ls-tree", "-r", "--name-only", "coverage-history")
    before = (team.git("status", "--porcelain"), team.git("rev-parse", "HEAD"))
    assert told(team, "history.prune", "--keep", "365d")[1]["applied"]
    assert (team.git("status", "--porcelain"), team.git("rev-parse", "HEAD")) == before
    there = team.git("ls-tree", "-r", "--name-only", "coverage-history")
    assert (gone in there, kept in there) == (False, True)
    assert told(team, "history.prune", "--keep", "365d")[1]["gone"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["history.prune"], "history.prune --keep: is needed"),
        (["history.prune", "--keep", "7d"], "keep at least 30d"),
        (["history.prune", "--keep", "year"], "such as 36h, 7d or 2w"),
        (["history.show", "--record", "1999"], "names no record"),
        (["history.show", "--record", "2"], "fits 2 records"),
        (["history", "--last", "0"], "is no number"),
        (["history", "--phase", "phase9"], "did you mean"),
        (["history.push", "--remote", "gone"], "there is no such remote"),
        (["history", "prune", "--keep", "365d"], "prune: no such option: did you mean history.prune?"),
    ],
)
def test_a_wrong_word_is_told(team, forge, words, said):
    forge(team, 1)
    ran = team.run(*words)
    assert (ran.code, said in ran.err) == (2, True), ran.err
