"""The workflows that CI runs, made from the config."""
