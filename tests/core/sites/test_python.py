import pytest

from coverage_roadmap.core.sites import outline

COMPUTED = "its value is computed or comes from elsewhere"
PIECES = "it is written in pieces or with escapes"


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ('session.run("pytest", "--cov", "--cov-fail-under=60", *session.posargs)', ["1 60 command"]),
        ('session.run("pytest", "--cov", "--cov-fail-under", "60")', ["1 60 command"]),
        ("session.run(*['pytest', '--cov', '--cov-fail-under=60'])", ["1 60 command"]),
        ('c.run("cd api && pytest --cov --cov-fail-under=60")', ["1 60 command api"]),
        ('c.run("COV_FAIL_UNDER=60 tox")', ["1 60 variable"]),
        ('ARGS = "--cov --cov-fail-under=60"', ["1 60 command"]),
        ('ARGS = ("é", "--cov-fail-under=60")', ["1 60 command"]),
        ('X = r"""\npytest --cov --cov-fail-under=60\n"""', ["2 60 command"]),
        ('\r\nx = "é"; session.run("coverage", "report", "--fail-under=60")', ["2 60 command"]),
        ('c.run(f"pytest --cov --cov-fail-under=60 {more}")', ["1 60 command"]),
        ('os.environ["COV_FAIL_UNDER"] = "60"', ["1 60 variable"]),
        ('session.run("tox", env={"COV_FAIL_UNDER": "60", **more})', ["1 60 variable"]),
        ('run(env=dict(COV_FAIL_UNDER="60"), **more)', ["1 60 variable"]),
        ("COV_FAIL_UNDER: int = 60\nx: int", ["1 60 variable"]),
        ("T = 60\nc.run(f'pytest --cov --cov-fail-under={T}')", ["1 60 variable"]),
        ("T = 60\nCOVERAGE = x.y", []),
        ('"""Run pytest --cov-fail-under=60."""', []),
        ('print("use pytest --cov-fail-under=60")', []),
        ('print("COVERAGE", end="")', []),
        ("a.COV = b'--cov-fail-under=60'", []),
    ],
)
def test_command_lines_and_variables_in_python_hold_sites(look, text, sites):
    seen = look("noxfile.py", text)
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ('c.run("pytest --cov " "--cov-fail-under=60")', PIECES),
        ('c.run("pytest --cov\\t--cov-fail-under=60")', PIECES),
        ('c.run(f"pytest --cov --cov-fail-under={x()}")', COMPUTED),
        ('c.run(f"pytest --cov" f" --cov-fail-under={x}")', COMPUTED),
        ('c.run("pytest --cov --cov-fail-under={}".format(x))', COMPUTED),
        ('session.run("pytest", "--cov", "--cov-fail-under", str(x))', COMPUTED),
        ("pytest = (", "it cannot be parsed"),
        ("pytest = '\0'", "it cannot be parsed"),
        ("pytest = " + "(" * 5000, "it cannot be parsed"),
        ("pytest = '\ud800'", "it cannot be parsed"),
    ],
)
def test_what_cannot_be_edited_in_python_is_unclear(look, text, unclear):
    assert look("tasks.py", text).unclear == [f"1 {unclear}"]


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        (
            'c.run("pytest --cov --cov-fail-under=60 || true")',
            ["its failure is swallowed by `||` and a command that succeeds"],
        ),
        ('c.run("pytest --cov --cov-fail-under=60", warn=True)', ["warn=True lets its failure pass"]),
        ('c.run("pytest --cov --cov-fail-under=60", warn=False, pty=True)', []),
        (
            'session.run("pytest", "--cov", "--cov-fail-under=60", success_codes=[0, 1])',
            ["success_codes takes its failure for a success"],
        ),
        ('session.run("pytest", "--cov", "--cov-fail-under=60", success_codes=(0, 5))', []),
        ('session.run("pytest", "--cov-fail-under=60")', ["--cov-fail-under does nothing without --cov"]),
        ('session.run("pytest", "--cov-fail-under=60", *session.posargs)', []),
    ],
)
def test_a_gate_in_python_that_can_never_fail_is_a_flaw(look, text, flaws):
    assert look("noxfile.py", text).flaws == [f"1 {flaw}" for flaw in flaws]


def test_a_script_of_python_is_known_by_its_first_line(look):
    text = '#!/usr/bin/env python3\nrun(["pytest", "--cov", "--cov-fail-under=60"])'
    assert look("ci/run", text).sites == ["2 60 command"]


def test_what_a_python_file_says_is_its_syntax_tree():
    assert outline("a.py", "x = 1  # a") == outline("a.py", "x   =  1")
    assert outline("a.py", "x = 1") != outline("a.py", "x = 2")
    assert outline("a.py", "x = (") is None
    assert outline("a.py", "x = " + "-" * 1200 + "1") is None  # its tree is too deep to be shown
