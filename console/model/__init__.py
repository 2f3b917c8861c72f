"""The pure domain: values, rules, refusals. No database, clock or network."""
