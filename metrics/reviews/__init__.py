"""Reviews: who waits for whom, for how long, and how evenly the work is spread."""

from metrics.reviews.spells import first_human_response, response_spells

__all__ = ["first_human_response", "response_spells"]
