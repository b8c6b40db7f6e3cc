"""Tradyn: a simulated retail FX/CFD broker behind one OpenAPI document."""

__version__ = "0.1.0"
