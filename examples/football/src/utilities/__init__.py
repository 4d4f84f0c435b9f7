"""Small helpers without knowledge of football or of the service."""
