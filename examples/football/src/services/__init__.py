"""Business rules that sit between the store and the API."""
