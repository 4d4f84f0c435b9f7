"""Access to the relational store (SQLite)."""
