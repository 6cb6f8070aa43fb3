"""The pages for people with a browser: each asks the API inside this process, and never the store.

``add_pages`` puts them beside the API in one application. A page sees what the API answers to the
role of whoever signed in, nothing else; so who sees what is decided in one place.
"""

from admissions_pages.site import add_pages

__all__ = ["add_pages"]
