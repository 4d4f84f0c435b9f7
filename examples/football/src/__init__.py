"""A small football-prediction service: collects, checks, stores and predicts."""
