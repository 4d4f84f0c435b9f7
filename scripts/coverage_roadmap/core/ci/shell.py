"""The scripts that CI's jobs run, in bash. What is foreign comes by the environment, and never into a script's text."""

from __future__ import annotations

import shlex

from coverage_roadmap.core.ci.place import Place
from coverage_roadmap.core.roadmap import Roadmap

NEWEST_SUITE = "3.12"
"""The Python that runs the suite where the config names none that can."""
OLDEST_SUITE = (3, 11)
_SAY_WHAT = ("*requirements*.txt", "pyproject.toml", "setup.*", "*.lock")
"""Files that say what is installed, beside those that the config names."""


def suite_python(roadmap: Roadmap) -> str:
    """The Python that runs the suite itself."""
    canonical = roadmap.canonical or NEWEST_SUITE
    runs = tuple(map(int, canonical.split("."))) >= OLDEST_SUITE
    return roadmap.ci.python or (canonical if runs else NEWEST_SUITE)


def install(roadmap: Roadmap, python: str, folder: str, path: str) -> str:
    """Put the suite into an environment of its own, and that on the path.

    Args:
        roadmap: the config.
        python: the interpreter's name.
        folder: the environment's folder, as the shell writes it.
        path: the command that puts the folder of its programs on the path of the steps that follow.
    """
    words = shlex.join(roadmap.ci.install)
    return f'{python} -m venv "{folder}"\n"{folder}/bin/python" -m pip install {words}\n{path}\n'


def fingerprint(roadmap: Roadmap, place: Place) -> str:
    """Tell environments apart: by the interpreter, and by every file that may say what is installed."""
    files = [place.from_folder(path) for path in roadmap.requirements]
    config = place.variable or "pyproject.toml"
    named = shlex.join([f":(literal){path}" for path in dict.fromkeys([config, *files])])
    globs = shlex.join([f":(top,glob)**/{name}" for name in _SAY_WHAT])
    return (
        '{ "python$LEG" -c "import sys; print(sys.version, sys.base_prefix)"\n'
        f"  git ls-files --stage -- {named} {globs}\n"
        '} > "$RUNNER_TEMP/fingerprint"\n'
        'echo "environment=$(git hash-object "$RUNNER_TEMP/fingerprint")" >> "$GITHUB_OUTPUT"\n'
    )


MEASURE = (
    'read -ra words <<< "$ARGUMENTS"\nnox -s "$SESSION" -- "${words[@]}" --artifact "$RUNNER_TEMP/coverage-artifact"\n'
)
COMBINE = 'nox -s combine -- "$RUNNER_TEMP/coverage-artifacts" --gate threshold --require-legs'
CHECK = 'coverage-roadmap check --since "$BASE" --require-measurement --format github'
HOLD = "coverage-roadmap ci --check --provider github"
SUMMARISE = """mkdir -p "$RUNNER_TEMP/coverage-comment"
printf '%s\\n' "$PULL_REQUEST" > "$RUNNER_TEMP/coverage-comment/number"
printf '%s\\n' "$MARKER" > "$RUNNER_TEMP/coverage-comment/body.md"
coverage-roadmap pr-summary --since "$BASE" --write "$RUNNER_TEMP/coverage-comment/body.md"
"""
DIFF = """mkdir -p "$RUNNER_TEMP/coverage-diff"
coverage-roadmap diff --format json > "$RUNNER_TEMP/coverage-diff/coverage-diff.json"
"""
DASHBOARD = """mkdir -p "$RUNNER_TEMP/coverage-dashboard"
coverage-roadmap dashboard --write "$RUNNER_TEMP/coverage-dashboard/dashboard.html"
"""
AUTHORISED = """basic=$(printf 'x-access-token:%s' "$GH_TOKEN" | base64 | tr -d '\\n')
echo "::add-mask::$basic"
export GIT_CONFIG_COUNT=1
export GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader"
export GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic"
"""
"""Git's credentials, for this step alone: in its environment, on no command line and in no file."""
PUBLISH = f"{AUTHORISED}coverage-roadmap history.push\n"
RATCHET = """coverage-roadmap bump --auto
if git ls-files --error-unmatch -- "$BASELINE" > /dev/null 2>&1; then
  coverage-roadmap baseline > /dev/null
fi
"""
PROPOSE = f"""if git diff --quiet HEAD; then
  echo "nothing to raise"
  exit 0
fi
{AUTHORISED}git switch --quiet --create "$BRANCH"
git -c user.name="github-actions[bot]" -c user.email="41898282+github-actions[bot]@users.noreply.github.com" \\
  commit --quiet --all --message "$TITLE" --message "$TEXT"
git push --quiet --force origin "HEAD:refs/heads/$BRANCH"
open=$(gh pr list --head "$BRANCH" --base "$DEFAULT_BRANCH" --state open --json number --jq length)
if [ "$open" = 0 ]; then
  gh pr create --base "$DEFAULT_BRANCH" --head "$BRANCH" --title "$TITLE" --body "$TEXT"
fi
"""
COMMENT = """cd "$RUNNER_TEMP/coverage-comment"
refuse() {
  echo "::error::$1"
  exit 1
}
for file in number body.md; do
  if [ ! -f "$file" ] || [ -L "$file" ]; then refuse "the artifact has no plain file $file"; fi
done
if [ "$(wc -c < number)" -gt 12 ]; then refuse "the number is too long"; fi
if [ "$(wc -c < body.md)" -gt 262144 ]; then refuse "the body is too long"; fi
number=$(tr '\\0' x < number)
if ! [[ $number =~ ^[1-9][0-9]{0,9}$ ]]; then refuse "the number is none"; fi
if [ "$(sed -n 1p body.md | tr -d '\\0')" != "$MARKER" ]; then refuse "the body is not ours"; fi
head=$(gh api "repos/$GITHUB_REPOSITORY/pulls/$number" --jq .head.sha)
if [ "$head" != "$HEAD_SHA" ]; then
  echo "::notice::pull request $number is not, or no longer, at the commit that was measured"
  exit 0
fi
jq --null-input --rawfile body body.md '{body: ($body | gsub("@"; "@\\u2060"))}' > "$RUNNER_TEMP/comment.json"
if [ "$(jq '.body | length' "$RUNNER_TEMP/comment.json")" -gt 65536 ]; then refuse "the body is too long"; fi
comments="repos/$GITHUB_REPOSITORY/issues/$number/comments"
own='.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id'
there=$(gh api --paginate "$comments?per_page=100" --jq "$own" | sed -n 1p)
method=POST
if [ -n "$there" ]; then
  method=PATCH
  comments="repos/$GITHUB_REPOSITORY/issues/comments/$there"
fi
gh api --method "$method" "$comments" --input "$RUNNER_TEMP/comment.json" > /dev/null
"""
