"""Who should review? Names for pull requests, and how good such names would have been.

Stands on the reviews family, whose requests say what waits for whom.
"""

from metrics.suggest.accuracy import hits, scores
from metrics.suggest.evaluation import evaluate
from metrics.suggest.expertise import expertise
from metrics.suggest.methods import METHODS
from metrics.suggest.suggestions import suggestions

__all__ = ["METHODS", "evaluate", "expertise", "hits", "scores", "suggestions"]
