import pytest

CONFIG = ".pre-commit-config.yaml"


def hooks(*keys):
    return "repos:\n- repo: local\n  hooks:\n  - id: x\n" + "".join(f"    {key}\n" for key in keys)


@pytest.mark.parametrize(
    ("keys", "sites"),
    [
        (["entry: pytest --cov --cov-fail-under=60"], ["5 60 command"]),
        (["entry: pytest --cov", "args: [--cov-fail-under=60]"], ["6 60 command"]),
        (["entry: pytest --cov", "args:", "- --cov-fail-under", "- '60'"], ["8 60 command"]),
        (["args: [--rootdir=api, --cov-fail-under=60]"], ["5 60 command"]),
        (["entry: pytest --cov", "args: [--rootdir=api, --cov-fail-under=60]"], ["6 60 command api"]),
        (["entry: bash -c 'cd api && pytest --cov --cov-fail-under=60'"], ["5 60 command api"]),
        (["entry: env COV_FAIL_UNDER=60 tox"], ["5 60 variable"]),
        (["entry: [pytest]", "args: --cov-fail-under=60"], []),
    ],
)
def test_the_entry_and_the_args_of_a_hook_are_one_command_line(look, keys, sites):
    seen = look(CONFIG, hooks(*keys))
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


@pytest.mark.parametrize("text", ["", "repos:\n", "repos: [a, {hooks: b}, {repo: c}]\n", "a: b\n"])
def test_a_config_of_another_shape_holds_nothing(look, text):
    seen = look(CONFIG, text)
    assert (seen.sites, seen.unclear, seen.flaws) == ([], [], [])


def test_the_hooks_that_a_repository_offers_are_read_too(look):
    assert look(".pre-commit-hooks.yaml", "- id: x\n  entry: pytest --cov --cov-fail-under=60\n").sites == [
        "2 60 command"
    ]


def test_a_hook_whose_failure_is_not_seen_is_a_flaw(look):
    manual = look(CONFIG, hooks("entry: pytest --cov --cov-fail-under=60", "stages: [manual]"))
    assert manual.flaws == ["5 its hook runs by hand alone: stages: [manual]"]
    both = look(CONFIG, hooks("entry: pytest --cov --cov-fail-under=60", "stages: [manual, pre-push]"))
    assert both.flaws == []
    swallowed = look(CONFIG, hooks("entry: bash -c 'pytest --cov --cov-fail-under=60 || true'"))
    assert swallowed.flaws == ["5 its failure is swallowed by `||` and a command that succeeds"]


def test_args_that_are_shared_by_an_anchor_are_unclear(look):
    text = hooks("entry: pytest --cov", "args: [&x --cov-fail-under=60]", "exclude: *x")
    assert look(CONFIG, text).unclear == ["6 it is used in several places by an anchor, or its key is written twice"]
    assert look(CONFIG, text).sites == []
