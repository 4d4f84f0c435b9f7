"""The HTTP layer: requests, routing, handlers and the WSGI entry point."""
