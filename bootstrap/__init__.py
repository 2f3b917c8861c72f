"""From a bare clone to a running program, with the standard library alone.

Set-up is a list of steps. A step knows when it is done (its result is there, and the hash of
everything it was made from is the one stamped beside that result) and how to be carried out.
So the command that sets up is also the daily one: nothing changed, nothing done.

Three rules keep it so. A stamp lies inside what it vouches for, so that deleting the result deletes
the stamp with it. A stamp is removed before its step is carried out, so that one that broke off is
carried out again. And every step that writes runs under one lock, so that two starts at once are
one set-up and one wait. Rejected: comparing times (a checkout changes them), asking pip and npm
each time (a second each), and marker files without contents (stale after the next pull).
"""
