"""`/docs`: the reference of the running server, with quick starts, to read and to try out in a browser.

What always holds: a page needs nothing but this server, which its Content-Security-Policy enforces; only the files
named here can be had, so there is no path to leave them by; and nothing is read until somebody asks.
"""

from tradyn.reference.page import routes

__all__ = ["routes"]
