"""The tracker: what it holds, what is to be changed there, and what it tells the board."""
