"""The public endpoints: matches, tables, predictions and value bets."""

from __future__ import annotations

from src.api.http import Request, Response, Router
from src.core.exceptions import ValidationError
from src.database.repositories import MatchRepository, OddsRepository, PredictionRepository
from src.models.prediction_service import PredictionService
from src.services.betting import best_quotes, find_value, limit_exposure, overround
from src.services.match_service import MatchService
from src.utilities.dates import season_bounds
from src.utilities.validation import as_date, as_id_list, as_int, require

BATCH_LIMIT = 200
DEFAULT_BANK = 1000.0


class MatchHandlers:
    """Reading matches and tables."""

    def __init__(self, service: MatchService, matches: MatchRepository) -> None:
        self._service = service
        self._matches = matches

    def register(self, router: Router) -> None:
        """Add the routes."""
        router.add("GET", "/matches", self.list_matches)
        router.add("GET", "/matches/{match_id}", self.get_match)
        router.add("GET", "/leagues/{league}/table", self.table)

    def list_matches(self, request: Request) -> Response:
        """Answer ``GET /matches?from=2024-03-01&to=2024-03-07&league=PL``."""
        first = as_date(require(request.query, "from"), "from")
        last = as_date(require(request.query, "to"), "to")
        rows = self._service.window(first, last, request.query.get("league"))
        return Response.json({"count": len(rows), "matches": rows})

    def get_match(self, request: Request) -> Response:
        """Answer ``GET /matches/17``."""
        return Response.json(self._matches.get(as_int(request.params["match_id"], "match_id", low=1)))

    def table(self, request: Request) -> Response:
        """Answer ``GET /leagues/PL/table?season=2023/24``."""
        season = require(request.query, "season")
        try:
            season_bounds(season)
        except ValueError as error:
            raise ValidationError(str(error), field="season") from error
        league = request.params["league"]
        return Response.json({"league": league, "season": season, "table": self._service.table(league, season)})


class PredictionHandlers:
    """Predictions and what follows from them."""

    def __init__(self, service: PredictionService, predictions: PredictionRepository, odds: OddsRepository) -> None:
        self._service = service
        self._predictions = predictions
        self._odds = odds

    def register(self, router: Router) -> None:
        """Add the routes."""
        router.add("GET", "/predictions/{match_id}", self.predict)
        router.add("GET", "/predictions/{match_id}/history", self.history)
        router.add("GET", "/predictions/{match_id}/value", self.value)
        router.add("POST", "/predictions/batch", self.batch)
        router.add("GET", "/model", self.model)

    def predict(self, request: Request) -> Response:
        """Answer ``GET /predictions/17``; ``?fresh=1`` goes past the cache."""
        fresh = request.query.get("fresh") == "1"
        prediction = self._service.predict_match(self._match_id(request), use_cache=not fresh)
        return Response.json(prediction.as_dict())

    def history(self, request: Request) -> Response:
        """Answer ``GET /predictions/17/history``."""
        rows = self._predictions.history(self._match_id(request))
        return Response.json({"count": len(rows), "predictions": rows})

    def batch(self, request: Request) -> Response:
        """Answer ``POST /predictions/batch`` with ``{"match_ids": [1, 2]}``."""
        match_ids = as_id_list(request.json().get("match_ids"), "match_ids", limit=BATCH_LIMIT)
        result = self._service.predict_batch(match_ids)
        return Response.json(
            {
                "complete": result.complete,
                "predictions": [prediction.as_dict() for prediction in result.predictions.values()],
                "failures": {str(match_id): reason for match_id, reason in result.failures.items()},
            }
        )

    def value(self, request: Request) -> Response:
        """Answer ``GET /predictions/17/value?bank=500`` with the bets worth taking."""
        match_id = self._match_id(request)
        try:
            bank = float(request.query.get("bank", DEFAULT_BANK))
        except ValueError:
            raise ValidationError("bank must be a number", field="bank") from None
        quotes = self._odds.latest(match_id)
        prediction = self._service.predict_match(match_id)
        bets = limit_exposure(find_value(match_id, prediction.probabilities, quotes), bank)
        payload = [
            {
                "outcome": bet.outcome.value,
                "bookmaker": bet.bookmaker,
                "odds": bet.odds,
                "expected_value": round(bet.expected_value, 4),
                "amount": amount,
            }
            for bet, amount in bets
        ]
        margin = round(overround(best_quotes(quotes)), 4) if quotes else None
        return Response.json({"match_id": match_id, "overround": margin, "bets": payload})

    def model(self, request: Request) -> Response:
        """Answer ``GET /model``."""
        return Response.json({**self._service.model_info(), "cache": self._service.cache_info()})

    @staticmethod
    def _match_id(request: Request) -> int:
        return as_int(request.params["match_id"], "match_id", low=1)
