"""What a tracker tells the board."""

from coverage_roadmap.core.roadmap import Story, build
from coverage_roadmap.core.tracker.pulls import Pull, Told, told
from coverage_roadmap.core.tracker.ticket import Ticket, mark_of

STORY = build(Story, {"id": "alpha", "modules": ["src/alpha.py"], "tests": ["tests/test_alpha.py"]})


def ticket(number, key="alpha", place="", **given):
    return Ticket((mark_of("card", key, place),), number, "t", "", url=f"https://x.test/{number}", **given)


def ask(tickets=(), pulls=(), place=""):
    return told("acme/shop", tickets, pulls, [STORY], "coverage/{story}", place)


def test_assignees_and_columns_come_from_tickets_of_this_project():
    found = ask(
        [
            ticket(1, assignees=("anna",), labels=("board:in-progress",)),
            ticket(2, assignees=("late",)),
            ticket(3, "src/low.py", column="Backlog"),
            ticket(4, "beta", "elsewhere"),
            Ticket(("standup weekly",), 5, "t", ""),
        ]
    )
    assert found.tracked["alpha"].assignees == ("anna",)
    assert found.tracked["alpha"].url == "https://x.test/1"
    assert set(found.tracked) == {"alpha", "src/low.py"}
    assert found.columns == {"Backlog": 1, "no column": 1, "In Progress": 1}
    assert (found.name, found.notes) == ("acme/shop", [])


def test_a_pull_request_works_on_the_story_that_its_branch_or_its_files_name():
    pulls = [
        Pull(
            "topic", True, "https://x.test/7", ("pkg/src/alpha.py", "pkg/src/low.py", "other/src/alpha.py", "pkg/a.txt")
        ),
        Pull("ready", False, "", ("pkg/tests/test_alpha.py",)),
        Pull("later", True, "", ("pkg/src/low.py",)),
    ]
    found = ask(pulls=pulls, place="pkg/").tracked
    assert set(found) == {"alpha", "src/low.py", "tests/test_alpha.py"}
    assert found["alpha"].pull.branch == "ready"
    assert found["src/low.py"].pull.branch == "topic"
    assert found["src/low.py"].pull.files == {"src/alpha.py", "src/low.py", "a.txt"}
    named = ask(pulls=[*pulls, Pull("coverage/alpha", False, "", ())], place="pkg/").tracked
    assert named["alpha"].pull.branch == "coverage/alpha"


def test_what_is_unknown_is_said():
    assert Told(name="github", unknown="no network").notes == ["what github knows is unknown: no network"]
