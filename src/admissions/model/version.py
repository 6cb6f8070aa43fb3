"""The version of the program, which every result names."""

__version__ = "0.2.0"
