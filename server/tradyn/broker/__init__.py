"""The broker: pure rules of a hedging margin account, on nothing but the standard library.

Nothing in this package reads a clock, a file, a network or a random number: time,
quotes and chance come in as arguments. Money is a whole number of minor units, a
price a whole number of points, a volume a whole number of steps; no binary float
takes part. Two rules hold everywhere: deciding changes nothing, evolving never refuses.
"""
