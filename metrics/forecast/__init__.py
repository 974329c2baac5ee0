"""When will milestones be done, with which chance, and how often were such statements right?

`replayed` prepares everything once; `forecasts` looks ahead from one instant, `backtest` from many past ones, and
`said` turns a weekly backtest into what forecasts learn from. Stands on the milestones family.
"""

from metrics.forecast.calibration import backtest, said
from metrics.forecast.engine import Futures
from metrics.forecast.history import History, replayed
from metrics.forecast.outlook import Outlook, Standing, look_ahead
from metrics.forecast.table import fan, forecast_history, forecasts

__all__ = [
    "Futures",
    "History",
    "Outlook",
    "Standing",
    "backtest",
    "fan",
    "forecast_history",
    "forecasts",
    "look_ahead",
    "replayed",
    "said",
]
