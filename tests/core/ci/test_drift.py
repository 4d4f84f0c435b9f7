import pytest

from coverage_roadmap.core.ci import handmade, marking
from coverage_roadmap.core.ci.drift import File, State, gathered, judge
from coverage_roadmap.errors import UsageError

HEAD = f"{marking.HEAD}pyproject.toml: x\n"
ROOM = f"{marking.begin('jobs')}\n{marking.end('jobs')}\n"
WANTED = handmade.sealed(f"{HEAD}a: 1\n{ROOM}")
OLD = handmade.sealed(f"{HEAD}a: 0\n{ROOM}")


def filled(text):
    return text.replace(marking.end("jobs"), f"b: 2\n{marking.end('jobs')}")


@pytest.mark.parametrize(
    ("present", "state", "after"),
    [
        (None, State.ABSENT, WANTED),
        (WANTED, State.TRUE, WANTED),
        (filled(WANTED), State.TRUE, filled(WANTED)),
        (OLD, State.STALE, WANTED),
        (filled(OLD), State.STALE, filled(WANTED)),
        (WANTED.replace("a: 1", "a: 2"), State.EDITED, WANTED),
    ],
)
def test_a_file_is_held_against_what_the_config_gives(present, state, after):
    assert judge("f.yml", WANTED, present) == File("f.yml", state, present, after)


@pytest.mark.parametrize(
    ("present", "told"),
    [
        ("name: mine\n", "it is not ours"),
        (WANTED.replace("\n", "\r\n"), "has CRLF at its lines' ends"),
        (
            WANTED.replace("pyproject.toml", "api/pyproject.toml"),
            "another config's: Written by .* from api",
        ),
    ],
)
def test_what_is_not_this_configs_is_not_touched(present, told):
    with pytest.raises(UsageError, match=told):
        judge("f.yml", WANTED, present)


def test_files_that_the_config_gave_once_are_told_and_others_left_alone():
    present = {"f.yml": WANTED, "g.yml": OLD, "h.yml": OLD.replace("a: 0", "a: 5"), "i.yml": OLD.replace("py", "x")}
    found = gathered([("f.yml", WANTED)], present)
    assert [(file.path, file.state, file.after) for file in found] == [
        ("f.yml", State.TRUE, WANTED),
        ("g.yml", State.LEFT, None),
        ("h.yml", State.EDITED, None),
    ]


def test_one_that_is_not_wanted_any_more_and_holds_a_hand_made_part_is_refused():
    with pytest.raises(UsageError, match="holds a hand-made part"):
        gathered([("f.yml", WANTED)], {"g.yml": filled(OLD)})
