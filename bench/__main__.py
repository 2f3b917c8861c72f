"""`python -m bench NAME …`."""

import sys

from bench.registry import main

sys.exit(main(sys.argv[1:]))
