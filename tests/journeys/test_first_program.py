"""The first program of every user, unchanged but for the line with its key."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

PROGRAM = """\
import requests
API_KEY = "tk_live_a1b2c3d4e5f6"          # the only line a user changes
BASE_URL = "http://127.0.0.1:8080/v1"
headers = {"Authorization": f"Bearer {API_KEY}"}
account = requests.get(f"{BASE_URL}/api/account", headers=headers).json()
print(f"Balance: {account['data']['balance']}"); print(f"Equity: {account['data']['equity']}")
positions = requests.get(f"{BASE_URL}/api/positions", headers=headers).json()
for pos in positions["data"]:
    print(f"  {pos['symbol']} {pos['type']} {pos['volume']} lots  P&L: {pos['profit']}")
order = requests.post(f"{BASE_URL}/api/trade", headers=headers, json={
    "symbol": "EURUSD", "action": "buy", "volume": 0.10, "sl": 1.0800, "tp": 1.0950}).json()
print(f"Filled ticket #{order['data']['ticket']} @ {order['data']['price']}")
"""


def test_it_prints_a_filled_ticket_twice(start_server: Callable[..., Any]) -> None:
    # A Sunday, when no real market is open; port and key are this server's.
    server = start_server(start="2026-03-01T12:00:00Z")
    program = PROGRAM.replace("tk_live_a1b2c3d4e5f6", server.api_key)
    program = program.replace("http://127.0.0.1:8080/v1", server.base_url)
    printed = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    filled = r"Filled ticket #\d+ @ 1\.0[89]\d+\n"
    assert re.fullmatch(r"Balance: 10000\nEquity: 10000\n" + filled, printed[0]), printed[0]
    position = r"  EURUSD buy 0\.1 lots  P&L: -?\d+(\.\d+)?\n"
    assert re.fullmatch(r"Balance: 10000\nEquity: [\d.]+\n" + position + filled, printed[1]), printed[1]
