"""Reading what others send: in a process of its own, with limits on time and memory."""

from admissions_api.reading.readers import Readers

__all__ = ["Readers"]
