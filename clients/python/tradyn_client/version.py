# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The version of the contract that this client was made from."""

__version__ = "1.1.0"
