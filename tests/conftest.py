"""Plugins of the whole run."""

pytest_plugins = ["contract.matrix_report"]
