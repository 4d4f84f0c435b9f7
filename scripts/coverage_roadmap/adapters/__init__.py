"""The only rooms that touch the world: one module for each tool."""
