"""The front door: one function a task, which the commands, the API's jobs and notebooks call."""
