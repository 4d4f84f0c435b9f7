"""The feature store: one vector for each match, in the relational store."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from src.core.exceptions import DatabaseError, FeatureStoreError
from src.core.logger import get_logger
from src.database.manager import DatabaseManager
from src.utilities.dates import age_hours, parse_utc, to_iso

FEATURE_VERSION = "v3"

logger = get_logger(__name__)


class FeatureStore:
    """Reads and writes feature vectors; every failure of the database becomes a ``FeatureStoreError``."""

    def __init__(self, database: DatabaseManager, *, version: str = FEATURE_VERSION) -> None:
        self._database = database
        self.version = version

    def put(self, match_id: int, vector: Mapping[str, float], computed_at: datetime) -> None:
        """Write one vector, over an older one of the same match."""
        bad = sorted(name for name, value in vector.items() if not math.isfinite(value))
        if bad:
            raise FeatureStoreError(f"features are not finite: {', '.join(bad)}", match_id=match_id)
        try:
            self._database.execute(
                "INSERT INTO features VALUES (?, ?, ?, ?) ON CONFLICT (match_id) DO UPDATE SET"
                " vector = excluded.vector, version = excluded.version, computed_at = excluded.computed_at",
                (match_id, json.dumps(dict(vector), sort_keys=True), self.version, to_iso(computed_at)),
            )
        except DatabaseError as error:
            raise FeatureStoreError(f"cannot write the features of match {match_id}", match_id=match_id) from error

    def get(self, match_id: int) -> dict[str, float]:
        """Return one vector; a missing one, or one of another version, is an error."""
        row = self._row(match_id)
        if row is None:
            raise FeatureStoreError(f"there are no features for match {match_id}", match_id=match_id)
        if row["version"] != self.version:
            raise FeatureStoreError(
                f"the features of match {match_id} are {row['version']}, wanted {self.version}", match_id=match_id
            )
        return self._decode(match_id, row["vector"])

    def get_many(self, match_ids: Iterable[int]) -> dict[int, dict[str, float]]:
        """Return the vectors that are there, in the present version; what is missing is left out."""
        wanted = list(match_ids)
        if not wanted:
            return {}
        slots = ", ".join("?" for _ in wanted)
        try:
            rows = self._database.fetch_all(
                f"SELECT match_id, vector FROM features WHERE version = ? AND match_id IN ({slots})",
                [self.version, *wanted],
            )
        except DatabaseError as error:
            raise FeatureStoreError("cannot read features", count=len(wanted)) from error
        return {row["match_id"]: self._decode(row["match_id"], row["vector"]) for row in rows}

    def age_hours(self, match_id: int, now: datetime) -> float | None:
        """Return how old a vector is, None when there is none."""
        row = self._row(match_id)
        return None if row is None else age_hours(parse_utc(row["computed_at"]), now)

    def drop_older_versions(self) -> int:
        """Delete the vectors of other versions and return how many went."""
        dropped = self._database.execute("DELETE FROM features WHERE version != ?", (self.version,))
        if dropped:
            logger.info("dropped %d feature vectors of older versions", dropped)
        return dropped

    def _row(self, match_id: int) -> dict[str, Any] | None:
        try:
            return self._database.fetch_one("SELECT * FROM features WHERE match_id = ?", (match_id,))
        except DatabaseError as error:
            raise FeatureStoreError(f"cannot read the features of match {match_id}", match_id=match_id) from error

    @staticmethod
    def _decode(match_id: int, text: str) -> dict[str, float]:
        try:
            return {name: float(value) for name, value in json.loads(text).items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise FeatureStoreError(f"the features of match {match_id} are damaged", match_id=match_id) from error
