"""Edits of the config: one key more and nothing else."""

import tomllib
from datetime import date
from decimal import Decimal

import pytest

from coverage_roadmap.adapters import config_edit
from coverage_roadmap.errors import ConfigError

COMMIT = "a" * 40
LINE = f'closed = {{ on = 2026-01-31, commit = "{COMMIT}", record = "r" }}'
TABLES = """# top
[tool.coverage-roadmap] # the table
threshold = 5   # odd    spacing

# -- one --
[[tool.coverage-roadmap.phases]]  # c1
name   = "one"
fail-under = 50.0  # trailing
# the end of one

  [[tool.coverage-roadmap.phases.stories]]
  id = "a"

[[tool.coverage-roadmap.phases]]
fail-under = 6_0
exit = [
  { criterion = "green" }, # why
]
name = 'two'
[tool.other]
phases = [{ name = "one" }]
"""
INLINE = """[tool.coverage-roadmap]
phases = [
  { name = "one", fail-under = 50 }, # 1
  { fail-under = 60, name = "two" }  # 2
]
"""
SUBTABLE = """[[tool.coverage-roadmap.phases]]
name = "two"
[[tool.coverage-roadmap.phases.exit]]
criterion = "green"
[[tool.coverage-roadmap.phases]]
name = "one"
[tool.coverage-roadmap.phases.closing]
x = 1"""
NO_END = '[[tool.coverage-roadmap.phases]]\nname = "two"\n[[tool.coverage-roadmap.phases]]\nname = "one"'
DOTTED = 'tool.coverage-roadmap.phases = [{ name = "one" }, { name = "two" }]\n'


def close(text, phase):
    return config_edit.with_closed(text, phase, on=date(2026, 1, 31), commit=COMMIT, record="r")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [TABLES, INLINE, SUBTABLE, NO_END, DOTTED])
@pytest.mark.parametrize("phase", ["one", "two"])
def test_closing_adds_the_key_to_that_phase_and_keeps_all_else(text, phase, newline):
    before = text.replace("\n", newline)
    after = close(before, phase)
    expected = tomllib.loads(before)
    for table in expected["tool"]["coverage-roadmap"]["phases"]:
        if table["name"] == phase:
            table["closed"] = {"on": date(2026, 1, 31), "commit": COMMIT, "record": "r"}
    assert tomllib.loads(after) == expected
    assert LINE in after
    kept = iter(after)
    assert all(char in kept for char in before), "no character of the old text is gone"
    assert len(after) - len(before) <= len(LINE) + 2 * len(newline) + 2
    assert after.count("\n") == (after.count("\r\n") if newline == "\r\n" else after.count("\n"))


def test_a_table_gets_a_line_of_its_own():
    added = [line for line in close(TABLES, "one").split("\n") if line not in TABLES.split("\n")]
    assert added == [LINE]
    assert close(TABLES, "two").index(LINE) > TABLES.index("'two'")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TABLES, "no such phase"),
        ("[tool.coverage-roadmap]\n", "the config cannot be edited"),
        ("", "the config cannot be edited"),
        ("[tool", "the config cannot be edited"),
        ("[[tool.coverage-roadmap.phases]]\nfail-under = 1\n", "no such phase"),
    ],
)
def test_a_phase_that_cannot_be_found_is_a_message_with_what_to_do(text, said):
    with pytest.raises(ConfigError, match=said) as caught:
        close(text, "three")
    assert caught.value.where == "three"
    assert caught.value.next_step == "add closed by hand"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[tool.coverage-roadmap]\nthreshold = 60.10\n", Decimal("60.10")),
        ("tool.coverage-roadmap.threshold = 6_0\n", Decimal(60)),
        ("[tool.coverage-roadmap]\n", None),
        ("[tool.other]\nthreshold = 3\n", None),
        ("no toml", None),
    ],
)
def test_the_configs_threshold_is_read_as_toml_reads_it(text, value):
    assert config_edit.threshold_in(text) == value


WAIVER = {
    "what": "src/a.py",
    "from": Decimal("60.5"),
    "to": Decimal(50),
    "reason": 'moved "out"',
    "owner": "kim",
    "until": date(2026, 3, 1),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_waiver_is_added_and_nothing_else_changes(end):
    text = TABLES.replace("\n", end)
    once = config_edit.with_waiver(text, WAIVER)
    twice = config_edit.with_waiver(once, {**WAIVER, "what": "scope"})
    assert [w["what"] for w in tomllib.loads(twice)["tool"]["coverage-roadmap"]["waivers"]] == ["src/a.py", "scope"]
    assert tomllib.loads(once, parse_float=Decimal)["tool"]["coverage-roadmap"]["waivers"] == [WAIVER]
    assert all(line in once.split(end) for line in TABLES.split("\n"))
    assert ("\r\n" in once) == (end == "\r\n")
