"""Match data: its quality and its storage."""
