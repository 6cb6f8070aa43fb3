"""The API over the engine: `admissions_api.app.create_app` makes the application."""
