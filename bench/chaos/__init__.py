"""Chaos: the promise that nothing acknowledged is ever lost, put to the test from outside."""
