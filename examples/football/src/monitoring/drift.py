"""Feature drift: how far today's values have moved from those that a model was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from src.core.exceptions import DataQualityError

# A share of zero would make the index infinite.
SMALLEST_SHARE = 1e-4
MODERATE_DRIFT = 0.1
MAJOR_DRIFT = 0.25


@dataclass(frozen=True)
class DriftResult:
    """The population stability index of one feature."""

    feature: str
    index: float

    @property
    def level(self) -> str:
        """`stable`, `moderate` or `major`, by the customary limits."""
        if self.index >= MAJOR_DRIFT:
            return "major"
        return "moderate" if self.index >= MODERATE_DRIFT else "stable"


def population_stability(expected: pd.Series, actual: pd.Series, bins: int = 10) -> float:
    """The population stability index, over quantile bins of the expected values."""
    if bins < 2:
        raise DataQualityError("bins must be at least 2", bins=bins)
    before, after = expected.dropna(), actual.dropna()
    if before.empty or after.empty:
        raise DataQualityError("drift needs values on both sides")
    edges = np.unique(np.quantile(before, np.linspace(0, 1, bins + 1)))
    inner = edges[1:-1] if len(edges) > 2 else edges
    share_before = _shares(before, inner)
    share_after = _shares(after, inner)
    return float(np.sum((share_after - share_before) * np.log(share_after / share_before)))


def _shares(values: pd.Series, inner: np.ndarray) -> np.ndarray:
    counts = np.bincount(np.searchsorted(inner, values, side="right"), minlength=len(inner) + 1)
    return np.maximum(counts / counts.sum(), SMALLEST_SHARE)


def compare_features(
    reference: pd.DataFrame, current: pd.DataFrame, features: Sequence[str] | None = None
) -> list[DriftResult]:
    """The drift of the features (by default all shared numeric ones), the worst first."""
    if features is None:
        numeric = reference.select_dtypes("number").columns
        features = [name for name in numeric if name in current.columns]
    results = [DriftResult(name, population_stability(reference[name], current[name])) for name in features]
    return sorted(results, key=lambda result: (-result.index, result.feature))
