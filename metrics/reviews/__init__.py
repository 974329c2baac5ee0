"""Reviews: who waits for whom, for how long, and how evenly the work is spread."""

from metrics.balance import concentration
from metrics.reviews.approvals import approval_shares, approvals
from metrics.reviews.exclusions import left_out
from metrics.reviews.fast import fast_approvals
from metrics.reviews.network import between_teams, islands, network, reciprocity, team_reviews
from metrics.reviews.queue import open_requests, queue_age, shared_requests, waiting_requests
from metrics.reviews.response import response_times
from metrics.reviews.rounds import review_rounds, weekly_rounds
from metrics.reviews.share import review_share
from metrics.reviews.spells import first_human_response, response_spells
from metrics.reviews.stages import stage_times, stages
from metrics.reviews.stretches import waiting_stretches, working_waits

__all__ = [
    "approval_shares",
    "approvals",
    "between_teams",
    "concentration",
    "fast_approvals",
    "first_human_response",
    "islands",
    "left_out",
    "network",
    "open_requests",
    "queue_age",
    "reciprocity",
    "response_spells",
    "response_times",
    "review_rounds",
    "review_share",
    "shared_requests",
    "stage_times",
    "stages",
    "team_reviews",
    "waiting_requests",
    "waiting_stretches",
    "weekly_rounds",
    "working_waits",
]
