"""What is recorded of a documented pull request, and how it is found again on the default branch."""

import msgspec
import pytest

from coverage_roadmap.core.documentation import MOST_FILES, Documentation, Recorded, document, judge, squashed
from coverage_roadmap.core.measurement import Tree
from coverage_roadmap.core.verdict import Answer

COMMIT, BASE = "c" * 40, "b" * 40
A, B, C = ("a" * 40, "b" * 40, "c" * 40)


def made(section="## Streaming", **changed):
    return document(section, ["streaming"], COMMIT, BASE, Tree("t"), {f"{k}.py": v for k, v in changed.items()})


def test_the_same_section_has_the_same_id_and_another_has_another():
    assert made(a=A).id == made(a=A).id
    assert len({made(a=A).id, made("other", a=A).id, made(a=B).id}) == 3
    assert msgspec.json.decode(msgspec.json.encode(made(a="")), type=Documentation) == made(a="")


def test_of_a_huge_change_no_file_is_remembered():
    assert document("x", ["s"], COMMIT, BASE, Tree(), {f"{n}": A for n in range(MOST_FILES + 1)}).changed == {}
    assert len(document("x", ["s"], COMMIT, BASE, Tree(), {f"{n}": A for n in range(MOST_FILES)}).changed) == MOST_FILES


@pytest.mark.parametrize(
    "wrong",
    [
        {"section": "x"},
        {"stories": []},
        {"stories": ["<script>"]},
        {"commit": "--upload-pack=x"},
        {"base": "HEAD"},
        {"changed": {"a": "--"}},
        {"format": 1},
        {"more": 1},
    ],
)
def test_what_another_machine_wrote_is_held_to_its_form(wrong):
    told = {**msgspec.to_builtins(made(a=A)), **wrong}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(told, Documentation)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], False),
        ([{"x": A}], False),
        ([{"x": A, "gone": "", "other": C}], True),
        ([{"x": A}, {"gone": ""}], True),
        ([{"x": A, "gone": ""}, {"x": B}], True),
        ([{"x": A}, {"x": B}, {"gone": ""}], False),
        ([{"x": A}, {"x": B}, {"gone": "", "x": A}], True),
        ([{"x": A, "gone": A}], False),
    ],
)
def test_a_squash_leaves_all_changed_files_as_they_were_recorded(steps, expected):
    assert squashed({"x": A, "gone": ""}, steps) is expected
    assert not squashed({}, [{}, *steps])


BOTH = Recorded(("streaming", "tasks"), COMMIT, merged=True)
LEFT = Recorded(("tasks", "streaming", "more"), "d" * 40, merged=False)
BLIND = Recorded(("streaming", "tasks"), "e" * 40, merged=False, lacking="its base is not in this clone")
ONE = Recorded(("streaming",), COMMIT, merged=True)
OTHER = Recorded(("tasks",), COMMIT, merged=True)


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ([], (Answer.UNKNOWN, "no pull request summary is recorded")),
        ([LEFT, BLIND, BOTH], (Answer.MET, "streaming, tasks at cccccccc")),
        ([LEFT, BLIND], (Answer.UNKNOWN, "recorded at eeeeeeee; its base is not in this clone")),
        ([ONE, LEFT], (Answer.NOT_MET, "recorded at dddddddd, which is not merged")),
        ([ONE], (Answer.NOT_MET, "no recorded summary names tasks")),
        ([ONE, OTHER], (Answer.NOT_MET, "no recorded summary names all of its stories")),
    ],
)
def test_one_section_must_name_every_story_and_be_merged(recorded, expected):
    verdict = judge(["streaming", "tasks"], recorded)
    assert (verdict.answer, verdict.reason) == expected
    assert verdict.question == "documented in a PR"
