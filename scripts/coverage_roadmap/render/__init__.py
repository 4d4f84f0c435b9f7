"""Turns values into text; everything foreign is made printable here."""
