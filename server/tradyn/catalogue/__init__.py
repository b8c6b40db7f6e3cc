"""The catalogue: which symbols there are, on what terms, and where a synthetic market starts.

The shipped file is `data/instruments.toml`, whose head describes the form; files of the same form are laid
over it: a broker profile's, then a user's. Always holds: a catalogue is complete and valid or there is
none. Every failure is one sentence that names file, table, field, what is wrong, and what would be right.

Not simulated: specifications that change while a server runs.
"""

from tradyn.catalogue.fields import CatalogueError, did_you_mean, show
from tradyn.catalogue.listings import DOLLAR_SHARE, Listing, load_catalogue
from tradyn.catalogue.tables import HEADINGS, Layer, parse_toml, read_toml

__all__ = [
    "DOLLAR_SHARE",
    "HEADINGS",
    "CatalogueError",
    "Layer",
    "Listing",
    "did_you_mean",
    "load_catalogue",
    "parse_toml",
    "read_toml",
    "show",
]
