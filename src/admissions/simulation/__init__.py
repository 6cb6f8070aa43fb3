"""Many rounds under several scenarios: what other rules would have done, and how sure that is."""
