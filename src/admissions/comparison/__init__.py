"""Comparison: one round under a base scenario and others, person by person and rule by rule."""
