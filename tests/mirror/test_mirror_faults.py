"""What goes wrong on the way: what was done stays done, the next run goes on, and no token is ever shown."""

import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
import trustme

from .hub import TOKEN, Fault
from .serving import serving

MARKS = "<!-- coverage-roadmap: card alpha -->\n<!-- coverage-roadmap: end of card alpha -->"
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("described")]


def finished(team, hub):
    """A further run ends what was begun: every card has one issue, and nothing is left to do."""
    team.mirror()
    marked = [hub.marked(key) for key in ("alpha", "beta")]
    return [len(one) for one in marked] == [1, 1]


@pytest.mark.parametrize("at", range(1, 8))
def test_a_run_that_is_cut_off_anywhere_is_finished_by_the_next(team, hub, at):
    hub.cut = at
    code, text = team.call("mirror", "--apply")
    assert (code, "cannot be reached" in text) == (4, True)
    assert len(hub.writes()) == at
    hub.cut = None
    assert finished(team, hub)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_connection_that_drops_opens_no_issue_twice(team, hub, drop):
    hub.faults = [Fault("POST .*/issues$", drop=drop), Fault("GET", drop=drop), Fault("POST .*/milestones", drop=drop)]
    assert team.call("mirror", "--apply")[0] == 0
    assert finished(team, hub)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_fails_now_and_then_is_asked_again(team, hub, status):
    hub.faults = [Fault("GET", status), Fault("POST .*/issues$", status), Fault("GET .*/labels", status, times=2)]
    assert team.call("mirror", "--apply")[0] == 0
    assert finished(team, hub)


def test_a_server_that_always_fails_is_given_up(team, hub):
    hub.faults = [Fault("GET .*/milestones", 500, times=99)]
    code, text = team.call("mirror", "--apply")
    assert code == 4
    assert "HTTP 500" in text
    assert hub.writes() == []


@pytest.mark.parametrize(
    ("headers", "message", "waited"),
    [
        ({"Retry-After": "37"}, "slow down", 37),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "{reset}"}, "API rate limit exceeded", 121),
        ({}, "You have exceeded a secondary rate limit", 60),
    ],
)
@pytest.mark.parametrize("status", [403, 429])
def test_limits_are_waited_for(team, hub, headers, message, waited, status):
    reset = str(int(team.clock.monotonic()) + 120)
    told = {name: value.replace("{reset}", reset) for name, value in headers.items()}
    hub.faults = [Fault("POST .*/issues$", status, told, {"message": message})]
    assert team.call("mirror", "--apply")[0] == 0
    assert any(abs(one - waited) < 30 and one > 2 for one in team.clock.waited)
    assert any("asks to wait" in line for line in team.said)
    assert finished(team, hub)


def test_a_limit_that_lasts_too_long_ends_the_run_and_says_when(team, hub):
    hub.faults = [Fault("POST .*/issues$", 403, {"Retry-After": "86400"}, {"message": "slow down"})]
    code, text = team.call("mirror", "--apply")
    assert (code, "86400 seconds" in text) == (4, True)
    assert finished(team, hub)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"token": "another"}, "takes the token for none: Bad credentials Bearer ***"),
        ({"archived": True}, "is archived"),
        ({"has_issues": False}, "has its issues switched off"),
        ({"full_name": "acme/gone"}, "there is no such repository, or the token may not read it"),
        ({"kept": True}, "issues are open, and lists none"),
        ({"project": 7}, "is not there, or the token may not read it"),
    ],
)
def test_what_the_tracker_refuses_is_exit_code_4_and_the_stand_up_goes_on(make_team, hub, change, said):
    team = make_team("alpha", **({"project": 7} if "project" in change else {}))
    hub.token = change.get("token", hub.token)
    hub.repository.update({k: v for k, v in change.items() if k in hub.repository})
    if "kept" in change:
        hub.open("theirs")
        hub.hidden = True
    code, text = team.call("mirror", "--apply")
    assert (code, said in text) == (4, True), text
    assert hub.writes() == []
    code, told = team.told("standup")
    (line,) = [i["text"] for i in told["topics"][0]["items"] if i["text"].startswith("tickets of")]
    assert (code, said in line) == (0, True), line
    code, told = team.told("board")
    assert code == 0
    assert said in " ".join(told["notes"])


def test_a_repository_that_was_transferred_is_followed_and_told(make_team, hub):
    hub.moved_to = "/repos/acme/shop"
    team = make_team("alpha", repository="acme/old")
    told = team.mirror()
    assert "acme/old is acme/shop now: write that to board.repository" in told["notes"]
    assert len(hub.issues) == 1


def test_a_redirection_to_another_server_is_not_followed(team, hub):
    hub.faults = [Fault("GET", 301, {"Location": "http://127.0.0.1:9/evil"}, {"message": "Moved"})]
    code, text = team.call("mirror")
    assert (code, "sends us to another server" in text) == (4, True)


def test_an_issue_that_is_locked_or_goes_while_we_work_holds_up_no_other(team, hub, measure):
    measure(team, {"tests/test_alpha.py": "import alpha\n\n\ndef test_alpha():\n    assert alpha.x == 1\n"})
    hub.faults = [Fault("POST .*/comments", 403, {}, {"message": "Unable to create comment because issue is locked."})]
    code, text = team.call("mirror", "--apply")
    assert (code, "issue is locked" in text) == (4, True)
    assert len(hub.issues) == 2
    gone = hub.marked("alpha")[0]["number"]
    hub.faults = [Fault(f"PATCH .*/issues/{gone}", 410, {}, {"message": "This issue was deleted"}, times=9)]
    team.config("alpha", ("beta", 'scenarios = ["more"]'), repository="acme/shop", api=team.api)
    code, text = team.call("mirror", "--apply")
    assert "more" in hub.marked("beta")[0]["body"]


def test_what_a_person_writes_while_we_work_is_not_lost(team, hub):
    team.mirror()
    team.config("alpha", ("beta", 'owner = "bob"\nscenarios = ["more"]'), repository="acme/shop", api=team.api)
    before = hub.answer

    def answer(method, path, query, body):
        if method == "GET" and path.endswith("/issues/2"):
            hub.issues[2]["body"] = "Typed just now.\n" + hub.marked("beta")[0]["body"]
            hub.answer = before
        return before(method, path, query, body)

    hub.answer = answer
    code, text = team.call("mirror", "--apply")
    assert (code, "was changed while we worked" in text) == (4, True)
    team.mirror()
    assert hub.issues[2]["body"].startswith("Typed just now.\n")


def test_a_mirror_that_was_quicker_is_seen_before_an_issue_is_opened(team, hub):
    before = hub.answer

    def answer(method, path, query, body):
        if method == "POST" and path.endswith("/labels") and not hub.issues:
            hub.answer = before
            hub._issue({"title": "Cover alpha", "body": MARKS}, hub.me)
        return before(method, path, query, body)

    hub.answer = answer
    team.call("mirror", "--apply")
    team.mirror()
    assert len(hub.marked("alpha")) == 1


def test_five_hundred_cards_are_mirrored_and_paged_through(make_team, hub):
    team = make_team(*(f"story-{n}" for n in range(500)))
    hub.faults = [Fault("POST .*/issues$", 403, {"Retry-After": "60"}, {"message": "secondary rate limit"}, times=3)]
    code, _ = team.call("mirror", "--apply")
    assert (code, len(hub.issues)) == (0, 500)
    assert any("operations done" in line for line in team.said)
    assert team.told("mirror")[1]["operations"] == []
    assert {one.query.get("page") for one in hub.asked("GET .*/issues$")} >= {"2", "3", "4", "5"}


def test_a_server_that_trickles_is_given_up_in_bounded_time(team, hub):
    hub.faults = [Fault("GET", slow=1_000)]
    team.clock = Real()
    code, told = team.told("standup")
    assert code == 0
    assert any("takes more than 10 s" in i["text"] for topic in told["topics"] for i in topic["items"])


class Real:
    """The machine's clock."""

    def now(self):
        return datetime.now(UTC)

    monotonic = staticmethod(time.monotonic)
    sleep = staticmethod(time.sleep)


@pytest.mark.parametrize(
    ("api", "said"),
    [
        ("https://127.0.0.1:9", "cannot be reached"),
        ("https://github.invalid/api/v3", "cannot be reached"),
        ("http://github.example.com", "a token is not sent without TLS"),
    ],
)
def test_an_address_where_nothing_answers(team, api, said):
    team.env["GH_HOST"] = api.split("/")[2]
    team.config("alpha", repository="acme/shop", api=api)
    code, text = team.call("mirror")
    assert (code, said in text) == (2 if "TLS" in said else 4, True), text
    assert team.call("standup")[0] == 0


def test_a_server_that_is_no_tracker(team, hub):
    hub.faults = [Fault("GET", 200, {"Content-Type": "text/html"}, b"<html>welcome</html>")]
    code, text = team.call("mirror")
    assert (code, "answers with text/html that GitHub's API would not send" in text) == (4, True)


def test_a_certificate_that_nobody_trusts_and_one_that_the_environment_names(team, hub, tmp_path):
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with serving(hub, context) as address:
        team.env["GH_HOST"] = address.split("/")[2]
        team.config("alpha", repository="acme/shop", api=address)
        code, text = team.call("mirror")
        assert (code, "its certificate is not trusted" in text) == (4, True)
        words = [sys.executable, "-m", "coverage_roadmap", "mirror"]
        env = {**team.env, "SSL_CERT_FILE": str(tmp_path / "ca.pem")}
        done = subprocess.run(words, cwd=team.root, env=env, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, TOKEN in done.stdout + done.stderr) == (0, False), done.stderr


def test_a_token_goes_only_where_it_is_meant_to_go(team, hub):
    team.env.pop("GH_HOST")
    team.env.update(GITHUB_TOKEN=team.env["GH_ENTERPRISE_TOKEN"])
    code, text = team.call("mirror")
    assert (code, "there is no token for 127.0.0.1" in text) == (4, True)
    assert hub.log == []
