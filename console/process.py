"""What a serving process asks of the interpreter, the C library and the system: short waits,
little memory, as many files as it may have."""

import contextlib
import ctypes
import gc
import os
import resource
import sys

# A thread that matches questions gives the interpreter back to the sockets after 1 ms, not 5.
SWITCH_S = 0.001
GC_THRESHOLD = (20_000, 20, 20)
# malloc.h of glibc
M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8
TRIM_BYTES = 64 * 1024


def tune() -> None:
    """Call before numpy is loaded and before threads start."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # some systems allow less than they say
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a socket is a file
    sys.setswitchinterval(SWITCH_S)
    # Short vectors: a second BLAS thread costs memory and waits for nothing.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # glibc: what a first start took to read faq.yaml goes back
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)


def settle() -> None:
    """Call when everything that lives for good is built: sets it aside from the garbage collector,
    which would otherwise walk the knowledge base again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLD)
