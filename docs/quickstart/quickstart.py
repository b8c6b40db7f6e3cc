# pip install ./clients/python
# TRADYN_API_KEY=tk_live_… python quickstart.py
import os
import sys
import uuid

from tradyn_client import Client, TradynError
from tradyn_client.api.account import get_account
from tradyn_client.api.market_data import get_quote
from tradyn_client.api.positions import close_position, list_positions, modify_position
from tradyn_client.api.trading import trade
from tradyn_client.models import ModifyPositionRequest, Side, TradeRequest

BASE_URL = os.environ.get("TRADYN_BASE_URL", "http://127.0.0.1:8080/v1")


def main(client: Client) -> None:
    account = get_account.sync(client=client)
    print(f"Account {account.login}: balance {account.balance} {account.currency}, equity {account.equity}")

    for position in list_positions.sync(client=client):
        print(f"Open: {position.type_} {position.volume} {position.symbol}, profit {position.profit}")

    quote = get_quote.sync("EURUSD", client=client)
    order = TradeRequest(
        symbol="EURUSD",
        action=Side.BUY,
        volume=0.1,
        sl=quote.bid * 0.99,  # one percent away; the server rounds to the symbol's digits
        tp=quote.ask * 1.01,
        client_order_id=str(uuid.uuid4()),  # sent again after a lost answer, it still buys only once
    )
    bought = trade.sync(client=client, body=order)
    print(f"Bought {bought.volume} {bought.symbol} at {bought.price}, ticket {bought.ticket}")

    tighter = ModifyPositionRequest(sl=quote.bid * 0.995)
    moved = modify_position.sync(bought.ticket, client=client, body=tighter)
    print(f"Moved the stop loss to {moved.sl}; the take profit stays at {moved.tp}")

    closed = close_position.sync(bought.ticket, client=client)
    print(f"Closed at {closed.price}, profit {closed.profit} {account.currency}")


if __name__ == "__main__":
    try:
        with Client(base_url=BASE_URL, token=os.environ["TRADYN_API_KEY"]) as client:
            main(client)
    except TradynError as error:
        sys.exit(f"{error.message} ({error.code})")
