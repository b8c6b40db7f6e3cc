"""A bot that buys when a fast moving average crosses a slow one upwards, and sells when downwards."""
