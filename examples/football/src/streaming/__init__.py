"""Live match events and odds, from Kafka to the data lake."""
