"""The pure domain: values, rules, refusals. No database, no clock, no network; imports nothing of
ours."""
