"""One thread for numerical libraries: sums in one order, so the same bits, and no crowding on small machines."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold BLAS and OpenMP to one thread."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
