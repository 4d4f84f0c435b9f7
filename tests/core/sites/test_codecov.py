import pytest

STATUS = "coverage:\n  status:\n    project:\n"


@pytest.mark.parametrize("file", ["codecov.yml", ".codecov.yml", ".github/codecov.yaml"])
def test_the_target_of_the_whole_project_is_a_site(look, file):
    seen = look(
        file,
        STATUS + "      default:\n        target: 60%\n        threshold: 1%\n    patch: {default: {target: 90%}}\n",
    )
    assert (seen.sites, seen.unclear, seen.flaws) == (["5 60 codecov"], [], [])


@pytest.mark.parametrize(
    ("status", "sites"),
    [
        ("default: {target: 60}", ["4 60 codecov"]),
        ('default: {target: "60.5%"}', ["4 60.5 codecov"]),
        ("default: {target: auto}", []),
        ("default: {threshold: 1%}", []),
        ("default: {target: [60]}", []),
        ("default: false", []),
        ("api: {target: 60%, flags: [api]}", []),
        ("api: {target: 60%, paths: [api]}", []),
        ("all: {target: 60%}", ["4 60 codecov"]),
    ],
)
def test_auto_and_the_target_of_a_part_are_no_sites(look, status, sites):
    seen = look("codecov.yml", f"{STATUS}      {status}\n")
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


@pytest.mark.parametrize(("slack", "flawed"), [("1%", False), ("5", False), ("50%", True), ("high", False)])
def test_a_slack_that_is_wide_takes_the_target_back(look, slack, flawed):
    flaws = look("codecov.yml", f"{STATUS}      default: {{target: 60%, threshold: {slack}}}\n").flaws
    assert flaws == (["4 its threshold lets the figure fall 50 points below"] if flawed else [])


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        (f"{STATUS}      default: {{target: high}}\n", ["4 its value is no number"]),
        (f"{STATUS}      default: {{target: }}\n", ["4 its value is no number"]),
        (
            f"{STATUS}      default: {{target: &x 60%}}\nx: *x\n",
            ["4 it is used in several places by an anchor, or its key is written twice"],
        ),
        ("a: [", ["1 it cannot be parsed: did not find expected node content"]),
        ("coverage: {status: {project: true}}\n", []),
        ("coverage: off\n", []),
    ],
)
def test_another_target_is_unclear(look, text, unclear):
    seen = look("codecov.yml", text)
    assert (seen.sites, seen.unclear) == ([], unclear)


def test_a_status_that_only_informs_is_a_flaw(look):
    assert look("codecov.yml", f"{STATUS}      default: {{target: 60%, informational: true}}\n").flaws == [
        "4 informational: true on its status"
    ]
    for off in ("false", "no", "Off"):
        assert look("codecov.yml", f"{STATUS}      default: {{target: 60%, enabled: {off}}}\n").flaws == [
            "4 enabled: false switches its status off"
        ]
    assert look("codecov.yml", f"{STATUS}      default: {{target: 60%, enabled: yes}}\n").flaws == []
    assert look("codecov.yml", f"{STATUS}      default: {{target: 0%}}\n").flaws == [
        "4 a threshold of 0 lets everything pass"
    ]
