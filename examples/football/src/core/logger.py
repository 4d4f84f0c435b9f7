"""Logging: one line per event, with an optional JSON form for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

ROOT_NAME = "football"
_PLAIN_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_STANDARD_KEYS = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object; what came in through ``extra=`` becomes fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line of JSON."""
        payload: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for key, value in record.__dict__.items():
            if key not in _STANDARD_KEYS:
                payload[key] = value
        if record.exc_info:
            payload["error"] = self.formatException(record.exc_info)
        return json.dumps(payload, default=str, sort_keys=True)


def get_logger(name: str) -> logging.Logger:
    """Return the logger ``football.<name>``; a leading ``src.`` of a module path is dropped."""
    short = name.removeprefix("src.")
    if short in ("", ROOT_NAME):
        return logging.getLogger(ROOT_NAME)
    return logging.getLogger(f"{ROOT_NAME}.{short}")


def configure_logging(level: str = "INFO", *, as_json: bool = False, stream: TextIO | None = None) -> logging.Handler:
    """Attach one handler to the service's root logger, replacing one that an earlier call attached.

    Returns the handler, so that a caller who wants to detach it again can.
    """
    root = logging.getLogger(ROOT_NAME)
    for handler in [h for h in root.handlers if getattr(h, "_football_handler", False)]:
        root.removeHandler(handler)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else logging.Formatter(_PLAIN_FORMAT))
    handler._football_handler = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level.upper())
    return handler
