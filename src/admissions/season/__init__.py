"""The year after the decisions: answers, calls, corrections, and what they add up to."""
