"""The story of an order, a position or a deal, told from its transactions; pure, like the broker."""

from tradyn.explain.explanation import Explanation
from tradyn.explain.narrator import explain

__all__ = ["Explanation", "explain"]
