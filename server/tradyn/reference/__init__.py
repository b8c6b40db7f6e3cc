"""`/docs`: the reference of the running server, with quick starts, to read and to try out in a browser.

What always holds: the page needs nothing but this server, which its Content-Security-Policy enforces; only
files that are named here can be had, so no path leads out of them; nothing is read until somebody asks.
"""

from tradyn.reference.page import is_for_people, routes

__all__ = ["is_for_people", "routes"]
