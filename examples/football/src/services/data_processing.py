"""Transformations of match and odds tables.

Everything but :class:`DataProcessor` is a pure function: it takes frames, returns new ones and leaves its input alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from src.core.exceptions import DataQualityError, StorageError
from src.core.logger import get_logger
from src.utilities.text import TeamMatcher

REQUIRED_COLUMNS = ("id", "kickoff", "home_team", "away_team")
ODDS_SIDES = ("home", "draw", "away")
RENAMES: Mapping[str, str] = {
    "match_id": "id",
    "date": "kickoff",
    "utc_date": "kickoff",
    "home": "home_team",
    "away": "away_team",
    "fthg": "home_goals",
    "ftag": "away_goals",
    "div": "league",
}

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProcessingReport:
    """What cleaning did to a table."""

    rows_in: int
    rows_out: int
    duplicates: int
    invalid: int

    @property
    def loss(self) -> float:
        """The share of rows that were dropped."""
        return 1 - self.rows_out / self.rows_in if self.rows_in else 0.0


def standardise_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Bring column names into the service's spelling; a name that would then come twice is an error."""
    plain = [str(column).strip().lower().replace(" ", "_") for column in frame.columns]
    names = [RENAMES.get(name, name) for name in plain]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise DataQualityError(f"columns mean the same: {', '.join(doubled)}", columns=doubled)
    return frame.set_axis(names, axis="columns")


def require_columns(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise when a column is missing."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise DataQualityError(f"columns are missing: {', '.join(missing)}", columns=missing)


def clean_matches(frame: pd.DataFrame) -> tuple[pd.DataFrame, ProcessingReport]:
    """Parse, check and deduplicate a table of matches; of several rows with one id the last one stays."""
    matches = standardise_columns(frame)
    require_columns(matches, REQUIRED_COLUMNS)
    rows_in = len(matches)
    matches = matches.drop_duplicates(subset="id", keep="last")
    duplicates = rows_in - len(matches)
    matches = matches.assign(
        kickoff=pd.to_datetime(matches["kickoff"], utc=True, errors="coerce", format="ISO8601"),
        home_team=matches["home_team"].astype("string").str.strip(),
        away_team=matches["away_team"].astype("string").str.strip(),
    )
    for column in ("home_goals", "away_goals"):
        raw = matches[column] if column in matches.columns else pd.Series(np.nan, index=matches.index)
        goals = pd.to_numeric(raw, errors="coerce")
        matches[column] = goals.where(goals >= 0).astype("Float64").round().astype("Int64")
    teams_known = matches["home_team"].fillna("").ne("") & matches["away_team"].fillna("").ne("")
    valid = matches["kickoff"].notna() & teams_known & matches["home_team"].ne(matches["away_team"]).fillna(False)
    matches = matches[valid.astype(bool)].sort_values(["kickoff", "id"]).reset_index(drop=True)
    report = ProcessingReport(rows_in, len(matches), duplicates, rows_in - duplicates - len(matches))
    return matches, report


def normalise_teams(matches: pd.DataFrame, matcher: TeamMatcher) -> tuple[pd.DataFrame, list[str]]:
    """Replace team names by the known spelling; rows with an unknown team stay, and its name is reported."""
    names = pd.unique(pd.concat([matches["home_team"], matches["away_team"]]))
    found, unknown = matcher.match_all(str(name) for name in names)
    mapped = {side: matches[side].map(lambda name: found.get(name, name)) for side in ("home_team", "away_team")}
    return matches.assign(**mapped), unknown


def add_outcome(matches: pd.DataFrame) -> pd.DataFrame:
    """Add the columns ``outcome`` (home, draw, away, or missing while there is no score) and ``total_goals``."""
    margin = (matches["home_goals"] - matches["away_goals"]).astype("Float64")
    outcome = pd.Series(pd.NA, index=matches.index, dtype="string")
    outcome = outcome.mask((margin > 0).fillna(False), "home")
    outcome = outcome.mask((margin == 0).fillna(False), "draw")
    outcome = outcome.mask((margin < 0).fillna(False), "away")
    return matches.assign(outcome=outcome, total_goals=matches["home_goals"] + matches["away_goals"])


def team_rows(matches: pd.DataFrame) -> pd.DataFrame:
    """Turn finished matches into two rows each, one for either team, in order of kick-off."""
    played = matches[matches["home_goals"].notna() & matches["away_goals"].notna()]
    sides = []
    for own, other in (("home", "away"), ("away", "home")):
        sides.append(
            pd.DataFrame(
                {
                    "match_id": played["id"],
                    "kickoff": played["kickoff"],
                    "team": played[f"{own}_team"].astype(str),
                    "opponent": played[f"{other}_team"].astype(str),
                    "at_home": own == "home",
                    "scored": played[f"{own}_goals"].astype(int),
                    "conceded": played[f"{other}_goals"].astype(int),
                }
            )
        )
    rows = pd.concat(sides)
    margin = rows["scored"] - rows["conceded"]
    rows["points"] = np.select([margin > 0, margin == 0], [3, 1], default=0)
    return rows.sort_values(["kickoff", "match_id", "at_home"], ascending=[True, True, False]).reset_index(drop=True)


def rolling_form(rows: pd.DataFrame, *, window: int = 5) -> pd.DataFrame:
    """Add each team's mean points and goals over its last ``window`` matches *before* the row's own."""
    if window < 1:
        raise ValueError("window must be at least 1")
    form = rows.copy()
    for column in ("points", "scored", "conceded"):
        form[f"{column}_form"] = rows.groupby("team")[column].transform(
            lambda values: values.shift(1).rolling(window, min_periods=1).mean()
        )
    return form


def implied_probabilities(odds: pd.DataFrame, *, max_margin: float = 0.25) -> pd.DataFrame:
    """Turn decimal odds into probabilities without the bookmaker's margin; quotes that cannot be real are dropped."""
    require_columns(odds, ("match_id", *ODDS_SIDES))
    quotes = odds[(odds[list(ODDS_SIDES)] > 1.0).all(axis=1)]
    inverse = 1.0 / quotes[list(ODDS_SIDES)]
    margin = inverse.sum(axis=1) - 1.0
    result = quotes.assign(margin=margin)
    for side in ODDS_SIDES:
        result[f"{side}_probability"] = inverse[side] / (1.0 + margin)
    return result[(margin >= 0) & (margin <= max_margin)].reset_index(drop=True)


def consensus(probabilities: pd.DataFrame) -> pd.DataFrame:
    """Return the median probability of each match over its bookmakers, scaled to sum to 1, and the bookmaker count."""
    columns = [f"{side}_probability" for side in ODDS_SIDES]
    grouped = probabilities.groupby("match_id")
    medians = grouped[columns].median()
    medians = medians.div(medians.sum(axis=1), axis=0)
    return medians.assign(bookmakers=grouped.size()).reset_index()


def fill_gaps(frame: pd.DataFrame, strategies: Mapping[str, str | float]) -> pd.DataFrame:
    """Fill missing numbers column by column: with ``mean``, ``median``, ``previous`` or a fixed number."""
    filled = frame.copy()
    for column, strategy in strategies.items():
        require_columns(frame, [column])
        values = frame[column]
        if strategy == "mean":
            filled[column] = values.fillna(values.mean())
        elif strategy == "median":
            filled[column] = values.fillna(values.median())
        elif strategy == "previous":
            filled[column] = values.ffill()
        elif isinstance(strategy, str):
            raise ValueError(f"unknown way to fill {column}: {strategy}")
        else:
            filled[column] = values.fillna(strategy)
    return filled


def clip_outliers(values: pd.Series, *, factor: float = 1.5) -> pd.Series:
    """Pull values beyond ``factor`` interquartile ranges back to that limit."""
    first, third = values.quantile(0.25), values.quantile(0.75)
    reach = factor * (third - first)
    return values.clip(first - reach, third + reach)


class DataProcessor:
    """Runs the transformations over files."""

    def __init__(self, *, max_loss: float = 0.2, matcher: TeamMatcher | None = None) -> None:
        self._max_loss = max_loss
        self._matcher = matcher

    def process(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Clean a table and add what derives from it; losing too many rows is an error, not a smaller table."""
        matches, report = clean_matches(frame)
        if report.loss > self._max_loss:
            raise DataQualityError(f"cleaning dropped {report.loss:.0%} of the rows", report=report)
        if self._matcher is not None:
            matches, unknown = normalise_teams(matches, self._matcher)
            if unknown:
                logger.warning("unknown teams: %s", ", ".join(unknown))
        return add_outcome(matches)

    def process_file(self, source: Path, target: Path) -> int:
        """Read a CSV file, process it and write the result next to a temporary name first; return the row count."""
        try:
            with source.open(encoding="utf-8") as handle:
                frame = pd.read_csv(handle)
        except (OSError, ValueError) as error:
            raise StorageError(f"cannot read {source}: {error}", path=str(source)) from error
        processed = self.process(frame)
        partial = target.with_suffix(target.suffix + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("w", encoding="utf-8", newline="") as handle:
                processed.to_csv(handle, index=False)
            partial.replace(target)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StorageError(f"cannot write {target}: {error}", path=str(target)) from error
        return len(processed)
