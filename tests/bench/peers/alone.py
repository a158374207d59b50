"""What a peer takes without starting Python and loading its libraries."""
import statistics
import time


def seconds_alone(compute):
    """Median of three runs; the first one, which warms caches and starts threads, does not count."""
    compute()
    durations = []
    for _ in range(3):
        start = time.perf_counter()
        compute()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)
