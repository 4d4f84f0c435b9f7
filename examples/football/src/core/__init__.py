"""Configuration, errors and logging that every other package leans on."""
