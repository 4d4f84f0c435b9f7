import pytest

from coverage_roadmap.commands.ci import Workflows
from coverage_roadmap.core.ci.drift import File, State
from coverage_roadmap.errors import ExitCode
from coverage_roadmap.faces.pages import ci

FILES = [
    File("a.yml", State.TRUE, "x\n", "x\n"),
    File("b.yml", State.STALE, "x\n", "y\n"),
    File("c.yml", State.ABSENT, None, "z\n"),
    File("d.yml", State.LEFT, "w\n", None),
]


def test_a_check_tells_each_file_and_shows_what_differs(draw):
    value = Workflows(FILES, written=False, checked=True)
    told = draw(ci.page(value))
    assert "a.yml  as the config gives it" in told
    assert "d.yml  not wanted any more" in told
    for line in ("--- a/b.yml", "+++ b/b.yml", "-x", "+y", "+z", "-w"):
        assert f"{line}\n" in told
    assert value.exit_code is ExitCode.NOT_MET
    data = ci.data(value)
    assert [file["state"] for file in data["files"]] == ["true", "stale", "absent", "left"]
    assert data["files"][0]["diff"] is None


@pytest.mark.parametrize(("checked", "written"), [(False, False), (False, True)])
def test_what_is_not_checked_does_not_fail(checked, written):
    assert Workflows(FILES, written=written, checked=checked).exit_code is ExitCode.DONE


def test_what_was_written_is_told_without_a_diff(draw):
    told = draw(ci.page(Workflows(FILES, written=True, checked=False)))
    assert "b.yml  written" in told
    assert "d.yml  deleted" in told
    assert "---" not in told


def test_where_no_file_is_concerned_nothing_is_told(draw):
    assert draw(ci.page(Workflows([], written=False, checked=False))).strip() == "CI workflows"
    assert Workflows(FILES[:1], written=False, checked=True).exit_code is ExitCode.DONE
