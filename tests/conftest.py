"""What holds for all tests."""

from hypothesis import settings

# Seeded, so that a run repeats; without a deadline, because seconds belong to the benchmark.
settings.register_profile("fairlead", derandomize=True, deadline=None)
settings.load_profile("fairlead")
