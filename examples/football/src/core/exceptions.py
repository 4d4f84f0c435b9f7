"""The errors that the service raises on purpose.

Everything derives from :class:`FootballError`, so that an outer layer (the API, a task) can tell a failure that the
service foresaw from a programming mistake.
"""

from __future__ import annotations

from typing import Any


class FootballError(Exception):
    """Root of the service's errors.

    ``context`` holds the facts that a log line or an error response wants (identifiers, limits); it is never needed
    to understand the message.
    """

    code = "football_error"

    def __init__(self, message: str, **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.context = context

    def as_dict(self) -> dict[str, Any]:
        """Return the error in the shape that the API and the structured log use."""
        return {"code": self.code, "message": self.message, "context": dict(self.context)}


class ConfigurationError(FootballError):
    """A setting is missing or makes no sense."""

    code = "configuration_error"


class DataQualityError(FootballError):
    """A data set broke a rule that its consumers rely on."""

    code = "data_quality_error"


class FeatureStoreError(FootballError):
    """Features could not be read from, or written to, the feature store."""

    code = "feature_store_error"


class ModelError(FootballError):
    """A model could not be loaded, or its output cannot be trusted."""

    code = "model_error"


class StorageError(FootballError):
    """The data lake refused a read or a write."""

    code = "storage_error"


class StreamingError(FootballError):
    """A message could not be consumed, decoded or produced."""

    code = "streaming_error"


class DatabaseError(FootballError):
    """The relational store failed."""

    code = "database_error"


class CollectionError(FootballError):
    """An outside data source failed or sent something unusable."""

    code = "collection_error"


class NotFoundError(FootballError):
    """The thing that was asked for does not exist."""

    code = "not_found"


class ValidationError(FootballError):
    """The caller's input is wrong; ``context['field']`` names the offending field where there is one."""

    code = "validation_error"
