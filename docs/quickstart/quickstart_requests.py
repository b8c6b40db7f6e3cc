# pip install requests
# TRADYN_API_KEY=tk_live_… python quickstart_requests.py
import os
import sys
import uuid

import requests

BASE_URL = os.environ.get("TRADYN_BASE_URL", "http://127.0.0.1:8080/v1")

session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['TRADYN_API_KEY']}"


def call(method, path, body=None):
    answer = session.request(method, BASE_URL + path, json=body, timeout=10).json()
    if not answer["success"]:
        sys.exit(f"{answer['error']} ({answer['code']})")
    return answer["data"]


account = call("GET", "/api/account")
currency = account["currency"]
print(f"Account {account['login']}: balance {account['balance']} {currency}, equity {account['equity']}")

for position in call("GET", "/api/positions"):
    print(f"Open: {position['type']} {position['volume']} {position['symbol']}, profit {position['profit']}")

quote = call("GET", "/api/quotes/EURUSD")
order = {
    "symbol": "EURUSD",
    "action": "buy",
    "volume": 0.1,
    "sl": quote["bid"] * 0.99,  # one percent away; the server rounds to the symbol's digits
    "tp": quote["ask"] * 1.01,
    "client_order_id": str(uuid.uuid4()),  # sent again after a lost answer, it still buys only once
}
bought = call("POST", "/api/trade", order)
print(f"Bought {bought['volume']} {bought['symbol']} at {bought['price']}, ticket {bought['ticket']}")

moved = call("PATCH", f"/api/positions/{bought['ticket']}", {"sl": quote["bid"] * 0.995})
print(f"Moved the stop loss to {moved['sl']}; the take profit stays at {moved['tp']}")

closed = call("DELETE", f"/api/positions/{bought['ticket']}")
print(f"Closed at {closed['price']}, profit {closed['profit']} {currency}")
