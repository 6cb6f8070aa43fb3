"""Rulebooks, their versions and limits, and the scenarios that change them."""
