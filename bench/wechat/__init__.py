"""公众号 under load: callbacks in, repeated and out of order; answers out against bad servers."""
