"""Ratings, form and the other numbers that a model sees."""
