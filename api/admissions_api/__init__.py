"""The FastAPI package: simulations and rounds over HTTP."""
