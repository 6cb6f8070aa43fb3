"""Grants to employers: who gets one of those who hold an offer, and how far the money goes."""
