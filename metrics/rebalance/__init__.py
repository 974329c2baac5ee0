"""Which work should move to whom? The fewest moves that lower the highest load. Stands on the workload family."""

from metrics.rebalance.fits import fits
from metrics.rebalance.frontier import frontier
from metrics.rebalance.relief import ENOUGH, Relief, relief
from metrics.rebalance.tables import Frontier

__all__ = ["ENOUGH", "Frontier", "Relief", "fits", "frontier", "relief"]
