/** What the compiler must know, and what it must refuse: checked by `npm run typecheck`. */
import { test } from "node:test";
import type {
  Account,
  AccountEvent,
  Candle,
  Deal,
  DealEvent,
  DealsEvent,
  ErrorCode,
  IssuedApiKey,
  Order,
  Page,
  PagedPath,
  Position,
  PositionChangeKind,
  PositionEvent,
  StreamEvent,
  StreamOptions,
  TickEvent,
  TradeResult,
  TradynClient,
} from "../src/index.ts";
import { OrderType, RateLimited, TradynError } from "../src/index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<_A, _B>(_: Same<_A, _B>): void {}

// Never called: it is there to be compiled.
export async function compiled(tradyn: TradynClient, error: unknown): Promise<void> {
  const ticket = { path: { ticket: 2 } };

  const account = await tradyn.GET("/api/account");
  same<typeof account, Account>(true);
  const positions = await tradyn.GET("/api/positions");
  same<typeof positions, Position[]>(true);
  same<Position["sl"], number | null>(true);
  const page = await tradyn.GET("/api/account/history");
  same<typeof page, Page<Deal>>(true);
  const candles = await tradyn.GET("/api/candles/{symbol}", {
    params: { path: { symbol: "EURUSD" }, query: { timeframe: "H1" } },
  });
  same<typeof candles, Candle[]>(true);
  const order = await tradyn.POST("/api/orders", {
    body: { symbol: "EURUSD", type: OrderType.BUY_LIMIT, volume: 0.1, price: 1.08 },
  });
  same<typeof order, Order>(true);
  const filled = await tradyn.POST("/api/trade", { body: { symbol: "EURUSD", action: "buy", volume: 0.1 } });
  same<typeof filled, TradeResult>(true);
  const key = await tradyn.POST("/api/keys/{key_id}/rotate", { params: { path: { key_id: "a" } } });
  same<typeof key, IssuedApiKey>(true);
  const { failed } = await tradyn.POST("/api/trade/close-all");
  same<(typeof failed)[number]["code"], ErrorCode>(true);
  same<
    PagedPath,
    "/api/account/history" | "/api/orders" | "/api/accounts" | "/api/webhooks/{webhook_id}/deliveries"
  >(true);
  for await (const deal of tradyn.pages("/api/account/history", { params: { query: { limit: 10 } } })) {
    same<typeof deal, Deal>(true);
  }
  if (error instanceof RateLimited) same<typeof error.retryAfter, number | null>(true);
  if (error instanceof TradynError) same<typeof error.code, ErrorCode | null>(true);

  for await (const event of tradyn.stream({ ticks: ["EURUSD"] })) same<typeof event, TickEvent>(true);
  const stream = tradyn.stream({
    account: true,
    deals: true,
    positions: { after: 17 },
    orders: false,
    onConnect: ({ server_version }) => void server_version.length,
  });
  for await (const event of stream) {
    same<typeof event, AccountEvent | DealsEvent | DealEvent | PositionEvent>(true);
    if (event.event === "deal") same<typeof event.data, Deal>(true);
    // @ts-expect-error orders are not asked for
    if (event.event === "order") return;
  }
  for await (const event of tradyn.stream({} as StreamOptions)) {
    same<typeof event, StreamEvent>(true);
    if (event.event === "position") same<typeof event.data.change, PositionChangeKind>(true);
  }
  // @ts-expect-error no such option
  tradyn.stream({ ticks: true, tikcs: true });
  // @ts-expect-error no such timeframe
  tradyn.stream({ candles: [{ symbols: ["EURUSD"], timeframe: "M2" }] });
  // @ts-expect-error ticks have no version
  tradyn.stream({ ticks: { after: 17 } });

  // @ts-expect-error no such path
  await tradyn.GET("/api/acount");
  // @ts-expect-error no such method there
  await tradyn.POST("/api/account");
  // @ts-expect-error the body is missing
  await tradyn.POST("/api/trade");
  // @ts-expect-error the path has a parameter
  await tradyn.GET("/api/positions/{ticket}");
  // @ts-expect-error a ticket is a number
  await tradyn.GET("/api/positions/{ticket}", { params: { path: { ticket: "2" } } });
  // @ts-expect-error an action is "buy" or "sell"
  await tradyn.POST("/api/trade", { body: { symbol: "EURUSD", action: "long", volume: 0.1 } });
  // @ts-expect-error no such property
  await tradyn.POST("/api/trade", { body: { symbol: "EURUSD", action: "buy", volume: 0.1, lots: 1 } });
  // @ts-expect-error no such parameter
  await tradyn.GET("/api/positions", { params: { query: { simbol: "EURUSD" } } });
  // @ts-expect-error no such option
  await tradyn.GET("/api/positions", { timeout: 5 });
  // @ts-expect-error not a list with pages
  tradyn.pages("/api/positions");
  // @ts-expect-error null is no stop of a closing
  await tradyn.DELETE("/api/positions/{ticket}", { params: { ...ticket, query: { volume: null } } });
  // @ts-expect-error what may be null must be looked at
  positions[0]?.sl.toFixed(5);
}

test("the types hold", () => undefined);
