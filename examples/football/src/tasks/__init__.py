"""Celery application, retry rules and the background tasks."""
