"""Clients and parsers of the outside data sources."""
