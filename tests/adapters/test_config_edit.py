"""Edits of people's files: one key more and nothing else; all files or none."""

import stat
import tomllib
from datetime import date
from decimal import Decimal

import pytest

from coverage_roadmap.adapters import config_edit
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.errors import ConfigError, ToolError

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
        ("[tool.coverage-roadmap]\n", "the phase cannot be edited"),
        ("", "the phase cannot be edited"),
        ("[tool", "the phase cannot be edited"),
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


def edits(folder, texts):
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    return {folder / name: Edit(name, text, text.upper(), ()) for name, text in texts.items()}


def test_all_files_are_written_with_their_bytes_modes_and_links(tmp_path):
    wanted = edits(tmp_path, {"a": "one\r\ntwo", "b": "ü\n"})
    raw = tmp_path / "raw"
    raw.write_bytes(b"x\xff\r\n")
    raw.chmod(0o604)
    link = tmp_path / "link"
    link.symlink_to("raw")
    wanted[link] = Edit("link", "x\udcff\r\n", "y\udcff\r\n", ())
    config_edit.write_all(wanted)
    assert (tmp_path / "a").read_bytes() == b"ONE\r\nTWO"
    assert (tmp_path / "b").read_text() == "Ü\n"
    assert link.is_symlink()
    assert raw.read_bytes() == b"y\xff\r\n"
    assert stat.S_IMODE(raw.stat().st_mode) == 0o604
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "link", "raw"]


@pytest.mark.parametrize("change", ["changed", "vanished"])
def test_a_file_that_changed_meanwhile_bars_all(tmp_path, change):
    wanted = edits(tmp_path, {"a": "one", "b": "two"})
    if change == "changed":
        (tmp_path / "b").write_text("two!")
        with pytest.raises(ToolError, match="changed while we looked"):
            config_edit.write_all(wanted)
        assert (tmp_path / "b").read_text() == "two!"
    else:
        (tmp_path / "b").unlink()
        with pytest.raises(ToolError, match="changed while we looked"):
            config_edit.write_all(wanted)
        assert not (tmp_path / "b").exists()
    assert (tmp_path / "a").read_text() == "one"


def test_what_was_written_is_put_back_where_a_later_file_fails(in_own_process, tmp_path):
    edits(tmp_path, {"a": "one", "b": "two" * 100, "c": "three"})
    answer = in_own_process(
        """
import json, resource, sys
from pathlib import Path
from coverage_roadmap.adapters import config_edit
from coverage_roadmap.core.bump import Edit
from coverage_roadmap.errors import ToolError
names = ["a", "b", "c"]
texts = {name: Path(name).read_text() for name in names}
wanted = {Path(name): Edit(name, text, text.upper(), ()) for name, text in texts.items()}
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    config_edit.write_all(wanted)
    said = ""
except ToolError as error:
    said = str(error)
print(json.dumps([said, {name: Path(name).read_text() == texts[name] for name in names}]))
"""
    )
    said, same = answer.value
    assert "b: cannot be written" in said
    assert same == {"a": True, "b": True, "c": True}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]
