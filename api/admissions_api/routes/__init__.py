"""The routes, one module a subject: each parses, calls one function, and shows what it gave."""
