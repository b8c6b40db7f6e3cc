// (cd clients/typescript && npm ci && npm run build) && npm install ./clients/typescript
// TRADYN_API_KEY=tk_live_… node quickstart.ts        (Node 22.18 or newer runs TypeScript as it is)
import process from "node:process";
import { createTradynClient, TradynError } from "tradyn-client";

const tradyn = createTradynClient({
  apiKey: process.env.TRADYN_API_KEY,
  baseUrl: process.env.TRADYN_BASE_URL ?? "http://127.0.0.1:8080/v1",
});

try {
  const account = await tradyn.GET("/api/account");
  console.log(`Account ${account.login}: balance ${account.balance} ${account.currency}, equity ${account.equity}`);

  for (const position of await tradyn.GET("/api/positions")) {
    console.log(`Open: ${position.type} ${position.volume} ${position.symbol}, profit ${position.profit}`);
  }

  const quote = await tradyn.GET("/api/quotes/{symbol}", { params: { path: { symbol: "EURUSD" } } });
  const bought = await tradyn.POST("/api/trade", {
    body: {
      symbol: "EURUSD",
      action: "buy",
      volume: 0.1,
      sl: quote.bid * 0.99, // one percent away; the server rounds to the symbol's digits
      tp: quote.ask * 1.01,
      client_order_id: crypto.randomUUID(), // sent again after a lost answer, it still buys only once
    },
  });
  console.log(`Bought ${bought.volume} ${bought.symbol} at ${bought.price}, ticket ${bought.ticket}`);

  const params = { path: { ticket: bought.ticket } };
  const moved = await tradyn.PATCH("/api/positions/{ticket}", { params, body: { sl: quote.bid * 0.995 } });
  console.log(`Moved the stop loss to ${moved.sl}; the take profit stays at ${moved.tp}`);

  const closed = await tradyn.DELETE("/api/positions/{ticket}", { params });
  console.log(`Closed at ${closed.price}, profit ${closed.profit} ${account.currency}`);
} catch (error) {
  if (!(error instanceof TradynError)) throw error;
  console.error(`${error.message} (${error.code})`);
  process.exitCode = 1;
}
