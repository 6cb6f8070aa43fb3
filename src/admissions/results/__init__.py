"""What a run leaves: its files, and the folders they are written to and read from."""
