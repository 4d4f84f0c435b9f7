"""Whole stories of a board that is mirrored to issues."""


def test_a_board_is_mirrored_and_stays(team, hub):
    planned = team.planned()
    assert hub.writes() == []
    assert ("beta", "open the ticket", "Cover beta") in planned
    told = team.mirror()
    assert [(one["card"], one["what"], one["how"]) for one in told["operations"]] == planned
    alpha, beta = hub.issues[1], hub.issues[2]
    assert [one["name"] for one in beta["labels"]] == ["coverage-phase-1", "module:beta", "board:backlog"]
    assert [one["login"] for one in beta["assignees"]] == ["anna"]
    assert alpha["milestone"]["title"] == "phase1: Raise to 50 %"
    before = len(hub.writes())
    team.mirror()
    assert len(hub.writes()) == before


def test_the_stand_up_is_posted_once_a_week_and_brought_up_to_date(team, hub):
    code, told = team.told("standup", "--post")
    assert (code, [one["what"] for one in told["posted"]["operations"]]) == (
        0,
        ["open the ticket", "pin it", "write our part of its text", "comment"],
    )
    assert hub.pinned == ["I_1"]
    (said,) = hub.comments.values()
    assert "<!-- coverage-roadmap: week 2026-W48 -->" in said["body"]
    assert "Stand-up of 2026-11-26" in said["body"]
    said["body"] = "We decided: beta first.\n\n" + said["body"]
    assert team.told("standup", "--post")[1]["posted"]["operations"] == []
    team.clock.sleep(86_400)
    assert [one["what"] for one in team.told("standup", "--post")[1]["posted"]["operations"]] == [
        "write the comment anew"
    ]
    assert said["body"].startswith("We decided: beta first.\n\n<!-- coverage-roadmap: week")
    assert "Stand-up of 2026-11-27" in said["body"]
    team.clock.sleep(7 * 86_400)
    assert [one["what"] for one in team.told("standup", "--post")[1]["posted"]["operations"]] == ["comment"]
    assert len(hub.issues) == 1
