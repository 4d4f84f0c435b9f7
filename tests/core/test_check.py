"""The check: severities, ignored files, waivers, and the exit code that they come to."""

import inspect
import re
from datetime import date
from fractions import Fraction

import pytest
from msgspec.structs import replace

from coverage_roadmap.core.check import IDS, RULES, Check, check, explain, problems, severity_of
from coverage_roadmap.core.finding import FIRM, Finding, Judged, Severity, State
from coverage_roadmap.core.problem import read_roadmap
from coverage_roadmap.core.rules.rule import Facts, Rule
from coverage_roadmap.core.sites.site import Found
from coverage_roadmap.errors import ExitCode, UsageError

TODAY = date(2026, 3, 10)
WAIVER = {"what": "src/a.py", "to": 40, "reason": "moved", "owner": "kim", "until": date(2026, 4, 1)}


def roadmap(**table):
    made, wrong = read_roadmap({"phases": [{"name": "phase1", "fail-under": 60}], **table})
    assert wrong == []
    return made


def facts(before=None, **table):
    return Facts(roadmap(**table), "pyproject.toml", TODAY, Found(), before=before)


def rule(name, *findings, **own):
    """A rule of this id that finds just this."""
    made = type("Made", (Rule,), {"__doc__": "A thing.", "id": name, "find": lambda self, _: findings, **own})
    return made()


def finding(file="src/a.py", line=0, text="fell", **more):
    return Finding(file, line, text, "mend it", **more)


def fall(before=60, after=50):
    return finding(waivable="src/a.py", before=Fraction(before), after=Fraction(after))


def states(checked):
    return [one.finding.state for one in checked.judged]


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_every_rule_has_an_id_a_title_and_an_advice_that_explain_prints(one):
    assert re.fullmatch(r"[A-Z]{1,20}[0-9]{3}", one.id)
    title, blank, *rest = one.advice.split("\n")
    assert one.title == title
    assert (title[-1], blank) == (".", "")
    assert "".join(rest)
    assert inspect.getdoc(type(one)) == one.advice
    assert explain(one.id.lower()) == f"{one.id} ({one.severity})\n\n{one.advice}"
    assert one.severity in (Severity.ERROR, Severity.WARNING)


def test_no_two_rules_share_an_id_a_title_or_an_advice():
    assert len(IDS) == len({one.title for one in RULES}) == len({one.advice for one in RULES}) == len(RULES)


def test_to_explain_a_rule_that_there_is_not_names_the_nearest():
    with pytest.raises(UsageError, match="did you mean SCOPE002") as raised:
        explain("scope02")
    assert raised.value.where == "--explain scope02"


def test_a_check_without_findings_passes():
    clean = check(facts(), [rule("TEST001")])
    assert (clean.judged, clean.failing, clean.exit_code) == ([], [], ExitCode.DONE)


def test_findings_come_in_the_order_of_the_rules_and_then_of_their_places():
    one = rule("TEST001", finding("b.py"), finding("a.py", 9), finding("a.py", 2, "z"), finding("a.py", 2, "y"))
    judged = check(facts(), [one, rule("DRIFT001", finding())]).judged
    assert [(j.rule, j.where, j.finding.text) for j in judged] == [
        ("TEST001", "a.py:2", "y"),
        ("TEST001", "a.py:2", "z"),
        ("TEST001", "a.py:9", "fell"),
        ("TEST001", "b.py", "fell"),
        ("DRIFT001", "src/a.py", "fell"),
    ]


def test_all_rules_are_asked_by_default():
    judged = check(facts(waivers=[{**WAIVER, "until": date(2026, 1, 1)}])).judged
    assert [one.rule for one in judged if one.fails] == ["WAIVER001"]
    assert {one.rule for one in judged if not one.fails} == {"SCOPE006", "EVIDENCE001", "LOOSE001"}


@pytest.mark.parametrize(
    ("own", "set_", "wanted", "code"),
    [
        ("error", None, "error", 1),
        ("warning", None, "warning", 0),
        ("error", "warning", "warning", 0),
        ("warning", "error", "error", 1),
        ("error", "off", None, 0),
    ],
)
def test_the_configs_severity_decides(own, set_, wanted, code):
    asked = rule("TEST002", finding(), severity=Severity(own))
    checked = check(facts(check={"severity": {"TEST002": set_} if set_ else {}}), [asked])
    assert [one.severity for one in checked.judged] == ([wanted] if wanted else [])
    assert checked.exit_code == code


@pytest.mark.parametrize("prefix", FIRM)
def test_a_firm_rule_keeps_its_severity_and_is_asked_of_every_file(prefix):
    known = facts(check={"ignore": [{"path": "*", "reason": "r"}]})
    known.roadmap.check.severity[f"{prefix}001"] = "off"  # the config refuses it
    assert severity_of(rule(f"{prefix}001"), known) is Severity.ERROR
    assert check(known, [rule(f"{prefix}001", finding())]).exit_code == 1


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ({"path": "src/*"}, ["x/b.py"]),
        ({"path": "src/a.py", "rules": ["TEST001"]}, ["x/b.py"]),
        ({"path": "src/a.py", "rules": ["TEST002"]}, ["src/a.py", "x/b.py"]),
        ({"path": "a.py"}, ["src/a.py", "x/b.py"]),
        ({"path": "*.py"}, []),
    ],
)
def test_files_are_ignored_by_their_pattern_for_the_rules_that_are_named(ignore, left):
    known = facts(check={"ignore": [{"reason": "r", **ignore}]})
    checked = check(known, [rule("TEST001", finding("src/a.py"), finding("x/b.py"))])
    assert [one.finding.file for one in checked.judged] == left


@pytest.mark.parametrize(
    "settings", [{"severity": {"LOOSE001": "off"}}, {"ignore": [{"path": "*", "reason": "r"}]}], ids=["off", "ignored"]
)
def test_a_change_of_the_config_cannot_switch_off_the_rule_that_judges_it(settings):
    asked = [rule("LOOSE001", finding("pyproject.toml"))]
    assert check(facts(before=roadmap(), check=settings), asked).exit_code == 1
    assert check(facts(before=roadmap(check=settings)), asked).exit_code == 0
    assert check(facts(check=settings), asked).exit_code == 0


@pytest.mark.parametrize(
    ("keys", "one", "state"),
    [
        ({}, fall(), State.WAIVED),
        ({"to": 50}, fall(), State.WAIVED),
        ({"to": 51}, fall(), State.FOUND),
        ({"from": 60}, fall(), State.WAIVED),
        ({"from": 59}, fall(), State.FOUND),
        ({"until": TODAY}, fall(), State.WAIVED),
        ({"until": date(2026, 3, 9)}, fall(), State.FOUND),
        ({"what": "src/b.py"}, fall(), State.FOUND),
        ({"what": " src/a.py "}, fall(), State.WAIVED),
        ({}, finding(), State.FOUND),
        ({}, finding(waivable="src/a.py"), State.WAIVED),
        ({}, finding(waivable="src/a.py", state=State.UNKNOWN), State.UNKNOWN),
    ],
)
def test_a_waiver_permits_what_it_names_down_to_its_figure_until_its_day(keys, one, state):
    checked = check(facts(waivers=[{**WAIVER, "what": "other"}, {**WAIVER, **keys}]), [rule("FLOOR001", one)])
    assert states(checked) == [state]
    assert checked.exit_code == (1 if state is State.FOUND else 0)


def test_what_is_waived_is_still_shown_with_who_why_and_until_when():
    until = WAIVER["until"]
    (one,) = check(facts(waivers=[WAIVER]), [rule("FLOOR001", fall())]).judged
    assert one.finding.text == f"fell; waived until {until} by kim: moved"


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        ({"scope src/a.py": 6}, f"fell; waived until {WAIVER['until']} by kim: moved"),
        ({"scope src/a.py": 9}, "fell; its waiver permits 6 statements to be hidden, and 9 are"),
        ({}, "fell; its waiver permits 6 statements to be hidden, and nobody can tell how many are"),
    ],
)
def test_a_waiver_of_the_scope_permits_no_more_than_it_was_written_for(hidden, expected):
    one = {key: value for key, value in WAIVER.items() if key not in ("from", "to")}
    known = replace(facts(waivers=[{**one, "what": "scope src/a.py", "hides": 6}]), hidden=hidden)
    (told,) = check(known, [rule("SCOPE001", finding(waivable="scope src/a.py"))]).judged
    assert told.finding.text == expected.replace("fell", finding().text)


def test_a_waiver_without_a_figure_permits_no_fall_of_one():
    waiver = {key: value for key, value in WAIVER.items() if key != "to"}
    assert states(check(facts(waivers=[waiver]), [rule("FLOOR001", fall())])) == [State.FOUND]


@pytest.mark.parametrize(
    ("name", "severity", "state", "required", "code"),
    [
        ("EVIDENCE001", "error", State.UNKNOWN, False, 0),
        ("EVIDENCE001", "error", State.UNKNOWN, True, 1),
        ("FLOOR001", "error", State.UNKNOWN, True, 1),
        ("SCOPE006", "error", State.UNKNOWN, True, 0),
        ("LOOSE001", "error", State.UNKNOWN, True, 0),
        ("FLOOR001", "warning", State.UNKNOWN, True, 0),
        ("FLOOR001", "error", State.WAIVED, True, 0),
        ("FLOOR001", "error", State.FOUND, False, 1),
    ],
)
def test_unknown_fails_only_where_a_measurement_is_required_and_the_rule_needs_one(
    name, severity, state, required, code
):
    one = Judged(name, Severity(severity), finding(state=state))
    checked = Check([one], require_measurement=required)
    assert checked.exit_code == code
    assert checked.failing == ([one] if code else [])


def test_a_measurement_can_be_required_of_a_whole_check():
    assert check(facts(), require_measurement=True).exit_code is ExitCode.NOT_MET
    assert check(facts()).exit_code is ExitCode.DONE


def test_rules_that_there_are_not_are_told_with_the_nearest():
    settings = roadmap(
        check={
            "severity": {"TEST002": "warning", "TESTS002": "off"},
            "ignore": [{"path": "x", "reason": "r", "rules": ["DRIFT001", "DRFT001"]}],
        }
    ).check
    assert [str(one) for one in problems(settings)] == [
        "check.severity.TESTS002 = 'TESTS002': no such rule: did you mean TEST002?",
        "check.ignore.rules = 'DRFT001': no such rule: did you mean DRIFT001?",
    ]
