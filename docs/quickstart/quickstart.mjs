// Node 20 or newer, Deno or Bun; nothing to install.
// TRADYN_API_KEY=tk_live_… node quickstart.mjs
import process from "node:process";

const BASE_URL = process.env.TRADYN_BASE_URL ?? "http://127.0.0.1:8080/v1";

async function call(method, path, body) {
  const response = await fetch(BASE_URL + path, {
    method,
    headers: {
      Authorization: `Bearer ${process.env.TRADYN_API_KEY}`,
      ...(body && { "Content-Type": "application/json" }),
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.json();
  if (!answer.success) {
    console.error(`${answer.error} (${answer.code})`);
    process.exit(1);
  }
  return answer.data;
}

const account = await call("GET", "/api/account");
console.log(`Account ${account.login}: balance ${account.balance} ${account.currency}, equity ${account.equity}`);

for (const position of await call("GET", "/api/positions")) {
  console.log(`Open: ${position.type} ${position.volume} ${position.symbol}, profit ${position.profit}`);
}

const quote = await call("GET", "/api/quotes/EURUSD");
const bought = await call("POST", "/api/trade", {
  symbol: "EURUSD",
  action: "buy",
  volume: 0.1,
  sl: quote.bid * 0.99, // one percent away; the server rounds to the symbol's digits
  tp: quote.ask * 1.01,
  client_order_id: crypto.randomUUID(), // sent again after a lost answer, it still buys only once
});
console.log(`Bought ${bought.volume} ${bought.symbol} at ${bought.price}, ticket ${bought.ticket}`);

const moved = await call("PATCH", `/api/positions/${bought.ticket}`, { sl: quote.bid * 0.995 });
console.log(`Moved the stop loss to ${moved.sl}; the take profit stays at ${moved.tp}`);

const closed = await call("DELETE", `/api/positions/${bought.ticket}`);
console.log(`Closed at ${closed.price}, profit ${closed.profit} ${account.currency}`);
