"""Servers as a user starts them, for the tests of what happens when things go wrong."""

from journeys.conftest import live_server, start_server

__all__ = ["live_server", "start_server"]
