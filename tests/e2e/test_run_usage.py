"""Exit code 2: the words of the call, the config, and the paths that it names; nothing is left behind."""

import os

import pytest

PHASE = '[[tool.coverage-roadmap.phases]]\nname = "{}"\nfail-under = {}\n'
STORY = '[[tool.coverage-roadmap.phases.stories]]\nid = "{}"\nmodules = ["src/a.py"]\ntests = ["tests/t.py"]\n'


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "usage: coverage-roadmap"),
        (["runs", "phase1"], "did you mean run?"),
        (["run"], "run: needs a phase of the roadmap"),
        (["run", "phase3"], "did you mean phase"),
        (["run", "other"], "choose one of phase0, phase1, phase2"),
        (["run", ""], "no such phase"),
        (["run", "phase1", "--story", "alfa"], "did you mean alpha?"),
        (["run", "phase1", "--story"], "needs a value"),
        (["run", "phase1", "--story="], "not empty"),
        (["run", "phase1", "--story=alpha", "--story=beta"], "given twice"),
        (["run", "phase1", "--gate", "low"], "--gate low"),
        (["run", "phase1", "--pythn", "x"], "did you mean --python?"),
        (["run", "phase1", "--storry=alpha"], "did you mean --story?"),
    ],
)
def test_a_wrong_word_is_named_with_what_would_be_right(project, words, said):
    ran = project.run(*words)
    assert ran.code == (2 if words else 0)
    assert said in ran.out + ran.err
    assert "Traceback" not in ran.err
    assert project.records() == []


@pytest.mark.parametrize(
    ("keys", "phases", "said"),
    [
        ("timout = 3", PHASE.format("phase1", 1), ["timout", "did you mean timeout?"]),
        ('timeout = "3"', PHASE.format("phase1", 1), ["timeout", "without quotes"]),
        ("timeout = 0", PHASE.format("phase1", 1), ["timeout", "more than 0"]),
        ("threshold = 101", PHASE.format("phase1", 1), ["threshold", "at most 100"]),
        ("threshold = nan", PHASE.format("phase1", 1), ["threshold"]),
        ("exclude = 3", PHASE.format("phase1", 1), ["exclude", "a list"]),
        ('requirements = ["none.txt"]', PHASE.format("phase1", 1), ["requirements", "none.txt", "no such path"]),
        ("", PHASE.format("phase1", 60) + PHASE.format("phase2", 50), ["phase2.fail-under", "falls below phase1"]),
        ("", PHASE.format("phase0", 60), ["phase0", "built-in"]),
        ("", PHASE.format("Phase 1", 60), ["Phase 1"]),
        ("", PHASE.format("a", 1) + STORY.format("s") + STORY.format("s"), ["2 stories have this id"]),
        ("", PHASE.format("a", 1) + PHASE.format("a", 2), ["2 phases have this name"]),
        ("", "", ["phases", "add the key"]),
        ("phases = 3", "", ["phases"]),
        ("", PHASE.format("a", 1) + 'exit = [{ criterion = "gren" }]\n', ["green"]),
        ('exclude = ["/etc"]', PHASE.format("a", 1), ["/etc", "inside the project"]),
        ('exclude = ["--pdb"]', PHASE.format("a", 1), ["--pdb", "option"]),
    ],
)
def test_a_wrong_key_is_named_with_its_value_and_what_to_do(project, keys, phases, said):
    project.config(keys=keys, phases=phases)
    ran = project.run("run", "phase1")
    assert ran.code == 2
    assert not [words for words in said if words not in ran.err]
    assert str(project.root / "pyproject.toml") in ran.err
    assert not (project.root / ".coverage-roadmap").exists()


def test_all_problems_are_reported_at_once(project):
    phases = PHASE.format("phase1", 60) + STORY.format("s") + PHASE.format("phase2", 50) + STORY.format("s")
    project.config(keys='worker = 3\ndip-below = "x"\nexclude = [1]', phases=phases)
    text = (project.root / "pyproject.toml").read_text().replace('"src"]\ntests', '"gone"]\ntests')
    project.write({"pyproject.toml": text.replace('["tests/unit"]', '["tests/none"]')})
    ran = project.run("run", "phase1")
    assert ran.code == 2
    for word in ("worker", "dip-below", "exclude", "falls below", "2 stories", "'gone'", "'tests/none'"):
        assert word in ran.err
    assert "7 problems" in ran.err


@pytest.mark.parametrize("key", ["source", "tests", "project"])
def test_a_missing_path_is_named_with_the_folder_where_it_was_looked_for(project, key):
    text = (project.root / "pyproject.toml").read_text()
    old = {"source": 'source = ["src"]', "tests": 'tests = ["tests/unit"]', "project": "workers = 1"}[key]
    new = {"source": 'source = ["srcs"]', "tests": 'tests = ["tests/none"]', "project": 'project = "../gone"'}[key]
    project.write({"pyproject.toml": text.replace(old, new)})
    ran = project.run("run", "phase1")
    assert ran.code == 2
    assert f"{key} = " in ran.err
    assert str(project.root.parent) in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no pyproject.toml with [tool.coverage-roadmap]"),
        ("[project]\nname = 'x'\n", "no pyproject.toml with [tool.coverage-roadmap]"),
        ("[tool.coverage-roadmap\n", "not valid TOML"),
        ("[tool]\ncoverage-roadmap = 3\n", "coverage-roadmap"),
        ("[tool.coverage-roadmap]\n", "phases"),
        ("# coverage-roadmap \x00", "not valid TOML"),
        ("# coverage-roadmap\nx = " + "[" * 5000 + "\n", "not valid TOML"),
    ],
)
def test_without_a_config_that_can_be_read_one_message_says_so(project, text, said):
    project.write({"pyproject.toml": text})
    ran = project.run("run", "phase1")
    assert ran.code == 2
    assert said in ran.err
    assert "bug of ours" not in ran.err


def test_a_config_that_is_not_utf8_is_refused(project):
    (project.root / "pyproject.toml").write_bytes(b"[tool.coverage-roadmap]\nx = '\xff'\n")
    ran = project.run("run", "phase1")
    assert ran.code == 2
    assert "pyproject.toml" in ran.err


@pytest.mark.parametrize("named", ["gone.toml", "src/app/core.py", "/dev/null", "tests", "empty.toml"])
def test_a_named_config_that_is_none_is_refused(project, named):
    project.write({"empty.toml": ""})
    project.env["COVERAGE_ROADMAP_CONFIG"] = named
    ran = project.run("run", "phase1")
    assert ran.code == 2
    assert os.path.basename(named) in ran.err  # noqa: PTH119
    assert "Traceback" not in ran.err


def test_a_story_whose_name_steers_a_terminal_is_shown_harmless(project):
    ran = project.run("run", "phase1", "--story", "\x1b[2Jx\u202e")
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert "\u202e" not in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "3/2"], "--shard 3/2: is no shard"),
        (["--shard", "two"], "--shard two: is no shard"),
        (["--shard", "1/2", "--story", "beta"], "give one of the two"),
        (["--planned-from", "x"], "--planned-from x: goes with --shard alone"),
        (["--artifact", "x"], "--artifact x: goes with --shard alone"),
        (["--shard", "1/2", "--gate", "threshold"], "--gate threshold: a shard has no gate"),
        (["--shard", "1/2", "--planned-from", "x"], "--planned-from x: names no record"),
    ],
)
def test_wrong_words_of_a_shard_are_a_message(project, words, said):
    ran = project.run("run", "phase2", *words)
    assert (ran.code, said in ran.err) == (2, True), ran.err
