"""When will milestones be done, with which chance, and how often were such statements right?

`replayed` prepares everything once; `forecasts` looks ahead from one instant, `backtest` from many past ones, and
`said` turns a weekly backtest into what forecasts learn from. Stands on the milestones family.
"""

from metrics.forecast.calibration import backtest, said
from metrics.forecast.engine import HORIZON, Futures
from metrics.forecast.history import History, replayed
from metrics.forecast.outlook import Outlook, Standing, look_ahead
from metrics.forecast.portfolio import LIKELY, portfolio
from metrics.forecast.programme import Together, together
from metrics.forecast.table import fan, forecast_history, forecasts
from metrics.forecast.weekly import Said
from metrics.forecast.whatif import AS_IT_IS, Supposed, distribution, smallest_cut, what_if

__all__ = [
    "AS_IT_IS",
    "HORIZON",
    "LIKELY",
    "Futures",
    "History",
    "Outlook",
    "Said",
    "Standing",
    "Supposed",
    "Together",
    "backtest",
    "distribution",
    "fan",
    "forecast_history",
    "forecasts",
    "look_ahead",
    "portfolio",
    "replayed",
    "said",
    "smallest_cut",
    "together",
    "what_if",
]
