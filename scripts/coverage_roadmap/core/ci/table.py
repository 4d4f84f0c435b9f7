"""The config's table on CI."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from coverage_roadmap.core.table import Table, form

Suite = Annotated[str, form(r"3\.(1[1-9]|[2-9][0-9])")]
Label = Annotated[str, form(r"[A-Za-z0-9][A-Za-z0-9 ._:-]*", longest=100)]


class Ci(Table, frozen=True, kw_only=True):
    """CI's jobs, and the workflows that `invoke ci` writes."""

    target_seconds: Annotated[float, Meta(gt=0, le=86_400)] = 120
    """The time that each shard is to stay under, by recorded durations. Seconds."""
    max_shards: Annotated[int, Meta(ge=1, le=256)] = 8
    """So many shards at most."""
    max_parallel: Annotated[int, Meta(ge=0, le=256)] = 0
    """So many of GitHub's measure jobs run at once; 0 leaves it to GitHub."""
    provider: Literal["github", "gitlab"] = "github"
    """Whose workflows are written."""
    install: list[str] = []
    """What pip installs so that CI has this suite, nox and invoke, such as `["-r", "requirements-dev.txt"]`; from the
    folder of the noxfile. Needed by `invoke ci`."""
    python: Suite | None = None
    """The Python that runs the suite itself; by default the canonical leg where it is 3.11 or later, else 3.12."""
    setup_python: bool = True
    """Whether GitHub's jobs fetch their Pythons; else the runner has them on its path."""
    runner: Annotated[list[Label], Meta(min_length=1)] = field(default_factory=lambda: ["ubuntu-latest"])
    """The labels of GitHub's runner, or the tags of GitLab's beside its default."""
    image: Annotated[str, form(r"[A-Za-z0-9][A-Za-z0-9._/:@{}-]*", longest=200)] = "python:{python}"
    """The image of GitLab's jobs; `{python}` is the job's Python."""
    ratchet: bool = False
    """Whether a push to the default branch proposes a higher threshold, and a tighter baseline where one is committed,
    as a pull request."""
    schedule: Annotated[str, form(r"[ -~]*", longest=80)] = "23 5 * * 1"
    """When the weekly workflow runs, as GitHub's cron in UTC: minute, hour, day of the month, month, weekday; empty for
    never."""
    dashboard: bool = False
    """Whether GitHub's weekly workflow keeps the dashboard as an artifact; `install` must bring the extra `dashboard`
    then."""
