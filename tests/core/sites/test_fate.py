import pytest

GATE = "pytest --cov --cov-fail-under=80"
PIPE = "its exit status is that of the last command of a pipe, without pipefail"
SWALLOWED = "its failure is swallowed by `||` and a command that succeeds"
LATER = "its failure is lost: other commands follow, and the shell does not stop at an error"
CHAINED = "its failure is lost: other commands follow, and set -e does not stop at a command before `&&`"


@pytest.mark.parametrize(
    ("script", "flaw"),
    [
        ("GATE || true", SWALLOWED),
        ("GATE || :", SWALLOWED),
        ("GATE ||\n  true", SWALLOWED),
        ("GATE || exit 0", SWALLOWED),
        ("GATE || echo low", SWALLOWED),
        ("GATE || (echo low; exit 0)", SWALLOWED),
        ("GATE || { echo low >&2; }", SWALLOWED),
        ("GATE && echo fine || true", SWALLOWED),
        ("(GATE) || true", SWALLOWED),
        ("{ GATE; } || true", SWALLOWED),
        ("set -o pipefail; GATE | tee log || true", SWALLOWED),
        ("GATE || exit 1", None),
        ("GATE || exit $?", None),
        ("GATE || { echo low; exit 1; }", None),
        ("GATE || echo low && exit 1", None),
        ("GATE || failed=1", None),
        ("GATE ||", None),
        ("GATE || ()", None),
        ("GATE | tee log", PIPE),
        ("GATE 2>&1 |& tee log", PIPE),
        ("cat x | GATE", None),
        ("GATE | tee log; exit ${PIPESTATUS[0]}", None),
        ("GATE 2>&1 | tee log\nred=${PIPESTATUS[0]}\nexit $red", None),
        ("GATE | tee log && exit ${PIPESTATUS[0]}", None),
        ("GATE | tee log; echo done; exit ${PIPESTATUS[0]}", PIPE),
        ("(GATE) > log 2>&1", None),
        ("{ GATE; } >> log", None),
        ("{ GATE; } > log || exit 1", None),
        ("{ GATE; } > log; echo done", LATER),
        ("set -o pipefail; { GATE; } 2>&1 | tee log", None),
        ("{ GATE; } 2>&1 | tee log", PIPE),
        ("f() {\ncase $1 in\na) GATE > log ;;\nesac\n}\nf || true", None),
        ("set -o pipefail\nGATE | tee log", None),
        ("set -euo pipefail\nGATE | tee log", None),
        ("set -o pipefail\nset +o pipefail\nGATE | tee log", PIPE),
        ("GATE; exit 0", LATER),
        ("GATE\necho done", LATER),
        ("GATE && echo fine; echo done", LATER),
        ("args='GATE'\necho done", None),
        ("run() {\n  local args='GATE'\n  echo done\n}", None),
        ("args='GATE' make test\necho done", LATER),
        ("set -e\nset +e\nGATE\necho done", LATER),
        ("set -e\nGATE\necho done", None),
        ("set -- a\nset -o errexit\nGATE\necho done", None),
        ("#!/bin/bash -e\nGATE\necho done", None),
        ("#!/bin/bash -o pipefail\nGATE | tee x", None),
        ("set -e\nGATE && echo fine\necho done", CHAINED),
        ("set -e\necho hi && GATE\necho done", None),
        ("GATE\ncode=$?\nexit $code", None),
        ("trap 'exit 1' ERR\nGATE\necho done", None),
        ("GATE &\nwait $!", None),
        ("if GATE; then echo fine; else exit 1; fi", None),
        ("if ! GATE; then exit 1; fi\necho done", None),
        ("if true; then GATE; fi", None),
        ("if true; then GATE; else pytest; fi", None),
        ("run() { GATE\n}\nrun", None),
        ("run() { GATE\n}\n(run)", None),
        ("function run {\n  GATE\n}\nrun; echo", None),
        ("run() { GATE; echo fine; }\nrun", LATER),
        ("echo x\n{ GATE; }\necho done", LATER),
        ("COV=1; { GATE; }\necho done", LATER),
        ("GATE\n(echo x)", None),
        ("GATE\n" + "echo x\n" * 300, None),
        ("GATE", None),
    ],
)
def test_a_failure_that_nobody_sees_is_a_flaw(look, script, flaw):
    seen = look("x.sh", script.replace("GATE", GATE))
    assert [words.partition(" ")[2] for words in seen.flaws] == ([flaw] if flaw else [])
    assert [site.partition(" ")[2] for site in seen.sites] == ["80 command"]
