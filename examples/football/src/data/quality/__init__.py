"""Rules, anomaly detection and reports on the quality of match data."""
