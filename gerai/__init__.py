"""Gerai: the operating system of a public service mall."""
