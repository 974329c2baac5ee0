"""When will milestones be done, with which chance, and how often were such statements right?

`replayed` prepares everything once; `forecasts` looks ahead from one instant, `backtest` from many past ones, and
`said` turns a weekly backtest into what a history has learned. Stands on the milestones family.
"""

from metrics.forecast.backtest import backtest, known_by, said
from metrics.forecast.engine import Futures
from metrics.forecast.history import History, replayed
from metrics.forecast.portfolio import LIKELY, portfolio
from metrics.forecast.programme import Together, together
from metrics.forecast.table import forecast_history, forecasts
from metrics.forecast.whatif import AS_IT_IS, Supposed, distribution, smallest_cut, what_if

__all__ = [
    "AS_IT_IS",
    "LIKELY",
    "Futures",
    "History",
    "Supposed",
    "Together",
    "backtest",
    "distribution",
    "forecast_history",
    "forecasts",
    "known_by",
    "portfolio",
    "replayed",
    "said",
    "smallest_cut",
    "together",
    "what_if",
]
