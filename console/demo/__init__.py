"""The demonstration's shop page and its sample conversations, as data."""
