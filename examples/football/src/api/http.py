"""Requests, responses and a router, independent of any server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from src.core.exceptions import FootballError, NotFoundError, ValidationError
from src.core.logger import get_logger

MAX_BODY_BYTES = 1_000_000

REASONS: Mapping[int, str] = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What a handler gets to see of a call; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    params: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def build(cls, method: str, target: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Request:
        """Build a request from a target such as ``/matches?league=PL``; of a repeated parameter the last one counts."""
        path, _, query = target.partition("?")
        values = {name: entries[-1] for name, entries in parse_qs(query).items()}
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        return cls(method.upper(), path.rstrip("/") or "/", values, lowered, body)

    def json(self) -> dict[str, Any]:
        """Decode the body, which has to be a JSON object."""
        try:
            payload = json.loads(self.body or b"null")
        except ValueError:
            raise ValidationError("the body is not JSON") from None
        if not isinstance(payload, dict):
            raise ValidationError("the body has to be a JSON object")
        return payload


@dataclass(frozen=True, slots=True)
class Response:
    """What a handler answers."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"

    @classmethod
    def json(cls, payload: Any, status: int = 200) -> Response:
        """Answer with JSON."""
        return cls(status, json.dumps(payload, default=str, sort_keys=True).encode())

    @classmethod
    def text(cls, text: str, content_type: str = "text/plain; charset=utf-8") -> Response:
        """Answer with text."""
        return cls(200, text.encode(), content_type)

    @classmethod
    def of_error(cls, error: FootballError) -> Response:
        """Answer with an error that the service foresaw; its kind decides the status."""
        if isinstance(error, NotFoundError):
            status = 404
        elif isinstance(error, ValidationError):
            status = 400
        else:
            status = 503
        return cls.json({"error": error.as_dict()}, status)

    @property
    def reason(self) -> str:
        """The status line as WSGI wants it."""
        return f"{self.status} {REASONS.get(self.status, 'Unknown')}"


Handler = Callable[[Request], Response]


class Router:
    """Finds the handler of a request and answers its errors."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, pattern: str, handler: Handler) -> None:
        """Add a route; ``{name}`` in the pattern stands for one part of the path."""
        parts = re.split(r"\{(\w+)\}", pattern)
        expression = "".join(f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts))
        self._routes.append((method.upper(), re.compile(expression), handler))

    def dispatch(self, request: Request) -> Response:
        """Run the handler of a request; no error leaves this method."""
        if len(request.body) > MAX_BODY_BYTES:
            return Response.json({"error": {"code": "too_large", "message": "the body is too large"}}, 413)
        try:
            return self._find(request)
        except FootballError as error:
            logger.info("%s %s: %s", request.method, request.path, error)
            return Response.of_error(error)
        except Exception:  # the last line of defence: a client gets no traceback
            logger.exception("%s %s failed", request.method, request.path)
            return Response.json({"error": {"code": "internal_error", "message": "something went wrong"}}, 500)

    def _find(self, request: Request) -> Response:
        allowed = []
        for method, pattern, handler in self._routes:
            found = pattern.fullmatch(request.path)
            if found is None:
                continue
            if method == request.method:
                return handler(
                    Request(
                        request.method, request.path, request.query, request.headers, request.body, found.groupdict()
                    )
                )
            allowed.append(method)
        if allowed:
            payload = {"code": "method_not_allowed", "message": f"allowed: {', '.join(sorted(allowed))}"}
            return Response.json({"error": payload}, 405)
        raise NotFoundError(f"there is nothing at {request.path}", path=request.path)
