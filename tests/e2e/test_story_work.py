"""Work on one story: its own runs are what its status shows."""


def test_a_story_s_own_run_is_what_its_status_shows_and_its_record_can_be_compared(project):
    assert project.run("run", "phase1").code == 0
    assert "no run is recorded" in project.run("status", "--story", "beta").out
    ran = project.run("run", "phase2", "--story", "beta")
    assert ran.code == 0, ran.out + ran.err
    record = project.record()["id"]
    shown = project.run("status", "--story", "beta").out
    assert f"{record} (partial)" in shown
    assert "src/app/beta.py" in shown
    earlier = project.records()[0]["id"]
    compared = project.run("diff", "--from", f".coverage-roadmap/runs/{earlier}", "--to", record)
    assert compared.code == 0
    assert "the two measured different tests" in compared.out


def test_a_bump_without_evidence_names_the_session_that_makes_it(project):
    refused = project.run("bump", "--to", "10")
    assert refused.code == 1
    assert "nox -s phase1" in refused.err
