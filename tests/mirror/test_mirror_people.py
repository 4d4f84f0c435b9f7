"""What people do in the tracker between two runs, and what becomes of it."""

import pytest

from coverage_roadmap.core.board import Column

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("described")]  # GitHub's own descriptions judge each answer

MARKS = "<!-- coverage-roadmap: card alpha -->\n<!-- coverage-roadmap: end of card alpha -->"


def names(issue):
    return [one["name"] for one in issue["labels"]]


def relabel(hub, issue, column):
    issue["labels"] = [one for one in issue["labels"] if not one["name"].startswith("board:")]
    issue["labels"].append(hub._label(column))


def begin(team, story):
    """Somebody begins: a branch that the pattern names."""
    team.git("switch", "-qc", f"coverage/{story}")
    team.commit({f"src/{story}.py": "x = 2\n"})
    team.git("switch", "-q", "main")


def test_a_card_walks_and_comes_back(team, hub):
    team.mirror()
    begin(team, "alpha")
    assert (
        team.planned()
        == [
            ("alpha", "move to", "In Progress"),
            ("alpha", "write our part of its text", ""),
        ]
        or team.planned()[0][1] == "make the label"
    )
    team.mirror()
    assert names(hub.issues[1])[-1] == "board:in-progress"
    team.git("branch", "-qD", "coverage/alpha")
    team.mirror()
    assert names(hub.issues[1])[-1] == "board:backlog"
    assert len(hub.issues) == 2


def test_a_card_moved_by_hand_stays_until_there_is_evidence(team, hub):
    team.mirror()
    relabel(hub, hub.issues[1], "board:ready-for-review")
    told = team.mirror()
    assert told["notes"] == ["#1 was put into Ready for Review by hand, and stays there; the board says Backlog"]
    assert names(hub.issues[1])[-1] == "board:ready-for-review"
    begin(team, "alpha")
    team.mirror()
    assert names(hub.issues[1])[-1] == "board:in-progress"


def test_text_labels_comments_and_a_title_of_people_stay(team, hub):
    team.mirror()
    issue = hub.issues[1]
    issue["body"] = "We pair on this.\r\n\r\n" + issue["body"].replace("\n", "\r\n") + "\r\n\r\nAsk Kim."
    issue["title"] = "Alpha!"
    issue["labels"].append(hub._label("help wanted"))
    issue["milestone"] = {"number": 9, "title": "Spring", "description": None, "state": "open"}
    hub.milestones.append(issue["milestone"])
    hub.comments[7] = {"id": 7, "issue": 1, "body": "me too", "user": {"login": "bob", "id": 2, "type": "User"}}
    begin(team, "alpha")
    team.mirror()
    assert issue["body"].startswith("We pair on this.\r\n\r\n<!--")
    assert issue["body"].endswith("-->\r\n\r\nAsk Kim.")
    assert "In Progress" in issue["body"]
    assert (issue["title"], issue["milestone"]["title"]) == ("Alpha!", "Spring")
    assert {"help wanted", "module:alpha"} <= set(names(issue))
    assert hub.comments[7]["body"] == "me too"


def test_an_issue_that_is_deleted_is_opened_anew_and_one_of_a_person_is_adopted(team, hub):
    own = hub.open("Test alpha, please", f"It breaks.\n\n{MARKS}")
    team.mirror()
    assert (own["title"], own["body"].startswith("It breaks.")) == ("Test alpha, please", True)
    assert hub.marked("alpha") == [own]
    del hub.issues[2]
    team.mirror()
    assert [one["number"] for one in hub.marked("beta")] == [3]


def test_of_two_with_one_marker_the_older_is_taken_and_the_other_is_told(team, hub):
    team.mirror()
    hub.open("A copy", hub.issues[1]["body"])
    before = dict(hub.issues[3])
    told = team.mirror()
    assert told["notes"] == ["#3 has the marker of #1 too, which is older and taken: delete it there"]
    assert hub.issues[3] == before


def test_a_stranger_cannot_take_a_card_by_copying_its_marker(team, hub):
    forged = hub.open("Mine", MARKS, "eve")
    before = dict(forged)
    told = team.mirror()
    assert told["notes"] == ["#1 has a marker of ours, and eve may not write here: it is not taken"]
    assert forged == before
    hub.members.discard("anna")  # her membership is private: GitHub says NONE, but she may be assigned
    hub.issues[2]["author_association"], hub.issues[2]["user"] = "NONE", {"login": "anna", "id": 3, "type": "User"}
    team.mirror()
    assert len(hub.marked("alpha")) == 2


def test_what_a_person_closed_stays_closed_and_broken_markers_are_told(team, hub):
    team.mirror()
    hub.issues[1]["state"] = "closed"
    hub.issues[2]["body"] = hub.issues[2]["body"].replace("end of card beta", "end")
    begin(team, "beta")
    told = team.mirror()
    assert told["notes"] == [
        "#1 was closed by hand, and stays closed; the board says Backlog",
        "#2: its markers are broken, or it leaves no room: its text stays as it is",
    ]
    assert hub.issues[1]["state"] == "closed"


def test_an_owner_who_is_no_collaborator_is_told_and_a_new_owner_takes_over(team, hub):
    team.config("alpha", ("beta", 'owner = "zoe"'), repository="acme/shop", api=team.api)
    assert team.mirror()["notes"] == ["zoe owns beta, and is no collaborator: not assigned"]
    team.config("alpha", ("beta", 'owner = "@carl"'), repository="acme/shop", api=team.api)
    team.mirror()
    hub.issues[2]["assignees"].append({"login": "bob", "id": 2, "type": "User"})
    team.config("alpha", ("beta", 'owner = "anna"'), repository="acme/shop", api=team.api)
    team.mirror()
    assert [one["login"] for one in hub.issues[2]["assignees"]] == ["bob", "anna"]


def test_a_done_card_is_told_once_closed_and_opened_again_when_it_fails(team, hub, measure):
    team.mirror()
    measure(team, {"tests/test_alpha.py": "import alpha\n\n\ndef test_alpha():\n    assert alpha.x == 1\n"})
    team.mirror()
    issue = hub.issues[1]
    (said,) = hub.comments.values()
    assert (issue["state"], names(issue)[-1], said["issue"]) == ("closed", "board:done", 1)
    assert "<!-- coverage-roadmap: done -->" in said["body"]
    assert "delta" in said["body"] or "points" in said["body"]
    issue["state"] = "open"
    assert team.mirror()["notes"] == ["#1 is done, and stays open: a person opened it again"]
    issue["state"] = "closed"
    team.mirror()
    team.commit({"tests/test_alpha.py": "def test_alpha():\n    assert False\n"})
    (team.root / "tests/test_alpha.py").unlink()
    team.commit()
    measure(team, {})
    team.mirror()
    assert (issue["state"], names(issue)[-1], len(hub.comments)) == ("open", "board:backlog", 1)


def test_hostile_titles_and_bodies_do_no_harm(team, hub):
    hub.open("<script>alert(1)</script> | `x` @everyone", "<!-- coverage-roadmap: card --> -->\n" * 400)
    hub.open("\u202eevil", "<!-- coverage-roadmap: kept {" * 2_000)
    hub.open("empty", None)
    before = [dict(one) for one in hub.issues.values()]
    team.mirror()
    assert [dict(one) for one in list(hub.issues.values())[:3]] == before
    assert [len(hub.marked(key)) for key in ("alpha", "beta")] == [1, 1]


def test_columns_of_a_board(make_team, hub):
    hub.board()
    team = make_team("alpha", "beta", project=7)
    team.mirror()
    assert [hub.column(number) for number in (1, 2)] == [Column.BACKLOG, Column.BACKLOG]
    assert not any(name.startswith("board:") for name in names(hub.issues[1]))
    hub.items["I_1"]["column"] = "Ready for Review"
    begin(team, "beta")
    told = team.mirror()
    assert told["notes"] == ["#1 was put into Ready for Review by hand, and stays there; the board says Backlog"]
    assert [hub.column(number) for number in (1, 2)] == ["Ready for Review", "In Progress"]
    hub.items["I_2"]["archived"] = True
    assert team.mirror()["notes"][1] == "#2 was put into Archived by hand, and stays there; the board says In Progress"


@pytest.mark.parametrize(
    ("board", "why"),
    [
        ({"writable": False}, "the token may not write it"),
        ({"closed": True}, "it is closed"),
        ({"columns": ("Todo", "In Progress", "Done")}, "its field Status has no Backlog, Ready for Review"),
    ],
)
def test_a_board_that_cannot_be_written_leaves_the_columns_to_labels(make_team, hub, board, why):
    hub.board(**board)
    team = make_team("alpha", project=7)
    assert team.mirror()["notes"] == [f"project 7: {why}; columns are labels"]
    assert names(hub.issues[1])[-1] == "board:backlog"


def test_the_board_and_the_stand_up_know_more(team, hub):
    team.mirror()
    hub.issues[1]["assignees"] = [{"login": "bob", "id": 2, "type": "User"}]
    pull = {"number": 50, "branch": "topic", "draft": True, "files": ["src/alpha.py"], "pull_request": {}}
    hub.pulls.append({**hub._issue({"title": "t", "body": None}, hub.me), **pull})
    del hub.issues[3]
    cards = {one["key"]: one for one in team.told("board")[1]["cards"]}
    assert (cards["alpha"]["owner"], cards["alpha"]["column"]) == ("bob", "In Progress")
    assert cards["alpha"]["branch"]["name"] == "topic"
    assert cards["alpha"]["url"] == "https://github.test/acme/shop/issues/1"
    first = team.told("standup")[1]["topics"]
    lines = [item["text"] for topic in first for item in topic["items"]]
    assert "2 open tickets in acme/shop at " + team.api.split("/")[2] + ": Backlog 2" in lines
    assert any("(bob, " in line and "alpha" in line for line in lines)
