"""How many ticks a second one core sends to 1,000 readers, beside a bare broadcast of the same library.

Two contenders take turns on one core, the readers are on the other: `tradyn serve` (quotes pushed through its API, every
message validated), and a program of a few lines that gives constant bytes of the same length to `websockets.broadcast`.
Each reader hears 10 symbols at 10 ticks a second. Reported: messages received a second, CPU time of the contender for
each, and the delay from the push to the reader (p50, p99).

    python bench/stream_fanout.py [--readers 1000] [--seconds 10] [--rounds 3]
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

SERVER: Final = Path(__file__).parents[1] / "server"
SYMBOLS: Final = (
    "EURUSD", "GBPUSD", "USDJPY", "USDCHF", "AUDUSD", "USDCAD", "NZDUSD", "EURGBP", "EURJPY", "XAUUSD",
)  # fmt: skip
BEATS_A_SECOND: Final = 10
