"""Jobs: long work that survives a restart, done by a worker process of low priority."""
