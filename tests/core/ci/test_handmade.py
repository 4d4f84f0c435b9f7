import pytest

from coverage_roadmap.core.ci import handmade, marking
from coverage_roadmap.errors import UsageError

OURS = f"""{marking.HEAD}pyproject.toml: x
# more
jobs:
  one:
    steps:
      {marking.begin("steps of one")}
      {marking.end("steps of one")}
      - run: ours
  {marking.begin("jobs")}
  {marking.end("jobs")}
"""
STEP = "      - run: theirs"


def with_step(text, step=STEP):
    return text.replace(f"      {marking.end('steps of one')}", f"{step}\n      {marking.end('steps of one')}")


def test_a_file_of_ours_is_not_edited_whatever_stands_between_the_markers():
    sealed = handmade.sealed(OURS)
    assert handmade.is_ours(sealed)
    assert not handmade.is_edited(sealed, "f")
    assert not handmade.is_edited(with_step(sealed), "f")


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("run: ours", "run: mine"),
        lambda text: text + "# more\n",
        lambda text: "\n".join(line for line in text.split("\n") if not line.startswith(marking.SUM)),
        lambda text: text.split("\n")[0],
        lambda text: text.replace(marking.SUM, marking.SUM + "0"),
        lambda text: text.replace("\n", "\r\n"),
    ],
)
def test_an_edit_by_hand_elsewhere_is_seen(edit):
    assert handmade.is_edited(edit(handmade.sealed(OURS)), "f")


def test_what_is_no_file_of_ours_is_known():
    assert not handmade.is_ours("name: x\n")
    assert handmade.same_config(handmade.sealed(OURS), OURS)
    assert not handmade.same_config(OURS.replace("pyproject", "other"), OURS)


def test_hand_made_parts_are_kept_in_a_new_text():
    kept = handmade.parts(with_step(handmade.sealed(OURS)), "f")
    assert kept == {"steps of one": [STEP]}
    new = handmade.sealed(OURS.replace("run: ours", "run: newer"))
    filled = handmade.filled(new, kept, "f")
    assert filled == with_step(new)
    assert not handmade.is_edited(filled, "f")
    assert handmade.filled(new, {}, "f") == new


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (marking.end("steps of one"), "", "in another"),
        (marking.begin("steps of one"), "", "ends a hand-made part that did not begin"),
        (marking.begin("jobs"), marking.begin("steps of one"), "a second time"),
        (marking.end("jobs"), "", "does not end"),
        (marking.end("jobs"), marking.end("steps of one"), "did not begin"),
    ],
)
def test_broken_markers_are_refused(old, new, told):
    with pytest.raises(UsageError, match=told):
        handmade.is_edited(OURS.replace(old, new), "f")


def test_a_part_without_room_is_refused_and_named():
    with pytest.raises(UsageError, match="no room any more for the hand-made part steps of two"):
        handmade.filled(OURS, {"steps of two": [STEP]}, "f")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("  - [", "make it no YAML"),
        ("  one: {}", "say one a second time"),
        ("  more: &a [*a]", ""),
        ("  two: {steps: [{run: x, run: y}]}", "say run a second time"),
        ("  two: {steps: &b [{run: x}]}\n  three: {steps: *b}", ""),
    ],
)
def test_parts_that_make_the_file_unclear_are_refused(line, told):
    if told:
        with pytest.raises(UsageError, match=told):
            handmade.filled(OURS, {"jobs": [line]}, "f")
    else:
        assert line in handmade.filled(OURS, {"jobs": [line]}, "f")
