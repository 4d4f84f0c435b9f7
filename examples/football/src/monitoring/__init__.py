"""Metrics, exporters, alerts and health of the running service."""
