from decimal import Decimal

import pytest

from coverage_roadmap.core.sites import find

CI = ".gitlab-ci.yml"
GATE = "pytest --cov --cov-fail-under=60"
JOB = f"a:\n  script: {GATE}\n"
SHARED = "it is used in several places by an anchor"
NEVER, MANUAL = "its step or job never runs: when: never", "its job runs by hand alone: when: manual"


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        (JOB, ["2 60 command"]),
        (f"a:\n  script:\n    - cd api\n    - {GATE}\n", ["4 60 command api"]),
        (f"a:\n  script: [[cd api], [[{GATE}]], {{b: c}}]\n", ["2 60 command api"]),
        (f"a:\n  before_script: [cd api]\n  script: {GATE}\n", ["3 60 command api"]),
        (f"default:\n  before_script: [cd api]\n{JOB}", ["4 60 command api"]),
        (f"before_script:\n  - {GATE}\n", ["2 60 command"]),
        (f"a:\n  script:\n    - |\n      {GATE} | tee x\n      echo x\n", ["4 60 command"]),
        ("variables:\n  COV_FAIL_UNDER: 60\n", ["2 60 variable"]),
        ("variables:\n  COV_FAIL_UNDER:\n    value: '60'\n    description: x\n", ["3 60 variable"]),
        ("a:\n  variables: {COV_FAIL_UNDER: 60}\n", ["2 60 variable"]),
        (f".t: &t\n  script: {GATE}\na:\n  <<: *t\n", ["2 60 command"]),
        (f".t: &t\n  script: {GATE}\na:\n  <<: [{{b: c}}, *t]\n", ["2 60 command"]),
        (f".t:\n  script: {GATE}\n", ["2 60 command"]),
        (f".t:\n  script: {GATE}\na:\n  extends: .t\n", ["2 60 command"]),
        ("a:\n  script: !reference [.t, script]\n", []),
        ("stages: [test]\na: b\nc:\n  script: {d: e}\n", []),
        ("include:\n  - template: Jobs/Test.yml\n", []),
    ],
)
def test_jobs_and_variables_hold_sites(look, text, sites):
    seen = look(CI, text)
    assert (seen.sites, seen.unclear, seen.flaws) == (sites, [], [])


def test_files_of_the_gitlab_folder_are_read_too(look):
    assert look(".gitlab/test.yml", JOB).sites == ["2 60 command"]
    assert look("ci/api.gitlab-ci.yml", JOB).sites == ["2 60 command"]


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        (f".t: &t\n  script: {GATE}\na:\n  <<: *t\nb:\n  <<: *t\n", [f"2 {SHARED}"]),
        (f".t:\n  script: {GATE}\na:\n  extends: [.t]\nb:\n  extends: .t\n", [f"2 {SHARED}"]),
        ("include: ci/test.yml\n", ["1 an included file is not looked into"]),
        (
            "include:\n  - local: a.yml\n  - remote: https://x\n",
            ["2 an included file is not looked into", "3 an included file is not looked into"],
        ),
        ("include: {project: x, file: y.yml}\n", ["1 an included file is not looked into"]),
        ("a: [\n", ["2 it cannot be parsed: did not find expected node content"]),
    ],
)
def test_what_is_shared_or_included_is_unclear(look, text, unclear):
    seen = look(CI, text)
    assert (seen.sites, seen.unclear) == ([], unclear)


@pytest.mark.parametrize(
    ("keys", "flaw"),
    [
        ("allow_failure: true", "allow_failure: true on its job"),
        ("allow_failure: {exit_codes: 137}", None),
        ("allow_failure: {exit_codes: 1}", "allow_failure of exit code 1 on its job"),
        ("allow_failure: {exit_codes: [2, 1]}", "allow_failure of exit code 1 on its job"),
        ("when: manual", MANUAL),
        ("when: always", None),
        ("when: never", NEVER),
        ("rules: [{when: never}]", NEVER),
        ("rules: [{if: $X, when: manual}, {when: never}]", MANUAL),
        ("rules: [{if: $X}, {when: never}]", None),
        ("rules: []", None),
    ],
)
def test_a_job_whose_failure_does_not_count_is_a_flaw(look, keys, flaw):
    assert look(CI, f"{JOB}  {keys}\n").flaws == ([f"2 {flaw}"] if flaw else [])


def test_what_a_job_extends_counts_as_its_own(look):
    text = f".soft:\n  allow_failure: true\n.b:\n  extends: .soft\n{JOB}  extends: [.none, .b]\n"
    assert look(CI, text).flaws == ["6 allow_failure: true on its job"]
    ring = f".x:\n  extends: .y\n.y:\n  extends: .x\n{JOB}  extends: .x\n"
    assert look(CI, ring).flaws == []
    chain = "".join(f".t{n}:\n  extends: .t{n + 1}\n" for n in range(30))
    assert look(CI, f"{chain}.t30:\n  allow_failure: true\na:\n  extends: .t0\n  script: {GATE}\n").flaws == []


def test_a_gate_in_after_script_is_a_flaw(look):
    flaw = "the exit status of after_script is not looked at"
    assert look(CI, f"a:\n  after_script: [{GATE}]\n").flaws == [f"2 {flaw}"]
    assert look(CI, f"default:\n  after_script: [{GATE}]\n").flaws == [f"2 {flaw}"]


def test_an_anchor_within_itself_ends(look):
    assert look(CI, "a: &a\n  script: *a\n  <<: *a\n").sites == []
    assert look(CI, "a: &a\n  script: &b [*b]\n").sites == []


def test_a_number_in_the_name_of_an_included_file_is_no_threshold():
    (one,) = find(CI, "include: ci/cover-80.yml\n").unclear
    assert not one.holds(Decimal(80))
