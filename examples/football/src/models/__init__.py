"""Prediction: the model types, their evaluation and the service that runs them."""
