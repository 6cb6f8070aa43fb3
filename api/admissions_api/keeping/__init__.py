"""What an installation needs for years: erasing, keeping no longer than set, copies, backups."""
