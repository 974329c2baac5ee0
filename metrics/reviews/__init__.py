"""Reviews: who waits for whom, for how long, and how evenly the work is spread."""

from metrics.balance import concentration
from metrics.reviews.exclusions import left_out
from metrics.reviews.load import response_times, review_share
from metrics.reviews.queue import open_requests, queue_age, shared_requests, waiting_requests, waiting_stretches
from metrics.reviews.spells import first_human_response, response_spells

__all__ = [
    "concentration",
    "first_human_response",
    "left_out",
    "open_requests",
    "queue_age",
    "response_spells",
    "response_times",
    "review_share",
    "shared_requests",
    "waiting_requests",
    "waiting_stretches",
]
