/**
 * Against running servers, whose addresses and keys come from the environment:
 *
 * `BROKER_URL`, `BROKER_ADMIN_KEY`: a server whose faults and prices are the tests' own to set;
 * `BUSY_URL`, `BUSY_API_KEY`: one that allows 3 requests a second.
 */
import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import {
  CONTRACT_VERSION,
  createTradynClient,
  type Deal,
  InsufficientMargin,
  InsufficientScope,
  InvalidApiKey,
  InvalidRequest,
  InvalidStops,
  NoAnswer,
  NotConnected,
  NotFound,
  OrderType,
  PositionClosed,
  RateLimited,
  Refused,
  type Retry,
  type TradynClient,
  type TradynClientOptions,
  Unauthorized,
  UnknownSymbol,
} from "../src/index.ts";

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`These tests need a server; ${name} is not set`);
  return value;
}

const baseUrl = setting("BROKER_URL");
const admin = createTradynClient({ baseUrl, apiKey: setting("BROKER_ADMIN_KEY") });
const EURUSD = { symbol: "EURUSD", action: "buy", volume: 0.01 } as const;
// Many quick attempts: what is tested is what is done, not how long it takes.
const PATIENT = { attempts: 40, backoffMs: 1, withinMs: Infinity };

/** An account of its own. */
async function open(
  options: TradynClientOptions = {},
): Promise<{ tradyn: TradynClient; login: number; key: string }> {
  const { login, api_key: key } = await admin.POST("/api/accounts", { body: {} });
  return { tradyn: createTradynClient({ baseUrl, apiKey: key, ...options }), login, key };
}

async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const each of entries) all.push(each);
  return all;
}

describe("a trader's day", () => {
  test("account, position, stops, orders, history", async () => {
    const { tradyn, login } = await open();
    const account = await tradyn.GET("/api/account");
    assert.deepEqual([account.login, account.balance, account.currency], [login, 10_000, "USD"]);

    const { point, digits } = await tradyn.GET("/api/symbols/{symbol}", {
      params: { path: { symbol: "EURUSD" } },
    });
    const quote = await tradyn.GET("/api/quotes/{symbol}", { params: { path: { symbol: "EURUSD" } } });
    const sl = Number((quote.bid - 500 * point).toFixed(digits));
    const tp = Number((quote.ask + 500 * point).toFixed(digits));
    const filled = await tradyn.POST("/api/trade", { body: { ...EURUSD, volume: 0.1, sl, tp } });
    assert.deepEqual([filled.price, filled.sl, filled.tp], [quote.ask, sl, tp]);
    const path = { ticket: filled.ticket };

    const positions = await tradyn.GET("/api/positions", { params: { query: { symbol: "EURUSD" } } });
    assert.deepEqual(
      positions.map(({ ticket, type, volume }) => [ticket, type, volume]),
      [[filled.ticket, "buy", 0.1]],
    );
    const moved = await tradyn.PATCH("/api/positions/{ticket}", { params: { path }, body: { tp: null } });
    assert.deepEqual([moved.sl, moved.tp], [sl, null]);

    const half = await tradyn.DELETE("/api/positions/{ticket}", {
      params: { path, query: { volume: 0.04 } },
    });
    assert.deepEqual([half.volume, half.volume_remaining], [0.04, 0.06]);
    await tradyn.DELETE("/api/positions/{ticket}", { params: { path } });
    await assert.rejects(tradyn.DELETE("/api/positions/{ticket}", { params: { path } }), PositionClosed);
    await assert.rejects(tradyn.GET("/api/positions/{ticket}", { params: { path } }), NotFound);

    const price = Number((quote.bid - 0.01).toFixed(digits));
    const limit = { symbol: "EURUSD", type: OrderType.BUY_LIMIT, volume: 0.1, price } as const;
    const order = await tradyn.POST("/api/orders", { body: limit });
    assert.deepEqual((await tradyn.GET("/api/orders")).data, [order]);
    const canceled = await tradyn.DELETE("/api/orders/{ticket}", {
      params: { path: { ticket: order.ticket } },
    });
    assert.equal(canceled.state, "canceled");

    const preview = await tradyn.POST("/api/trade/preview", { body: { ...EURUSD, volume: 1000 } });
    assert.equal(preview.accepted, false);
    const everything = await tradyn.POST("/api/trade/close-all");
    assert.deepEqual(everything, { closed: [], failed: [] });

    const deals: Deal[] = await collect(
      tradyn.pages("/api/account/history", { params: { query: { limit: 2 } } }),
    );
    assert.deepEqual(
      deals.map(({ type, entry }) => entry ?? type),
      ["balance", "in", "out", "out"],
    );
    const first = await tradyn.GET("/api/account/history", { params: { query: { limit: 2 } } });
    assert.deepEqual(first.data, deals.slice(0, 2));
    assert.equal(typeof first.next_cursor, "string");
  });

  test("pages go on where a cursor says, backwards too", async () => {
    const { tradyn } = await open();
    for (let count = 0; count < 6; count += 1) await tradyn.POST("/api/trade", { body: EURUSD });
    const query = { limit: 2, order: "desc" } as const;
    const all = await collect(tradyn.pages("/api/account/history", { params: { query } }));
    assert.equal(all.length, 7);
    const page = await tradyn.GET("/api/account/history", { params: { query } });
    assert.ok(page.next_cursor !== null);
    const rest = tradyn.pages("/api/account/history", {
      params: { query: { ...query, cursor: page.next_cursor } },
    });
    assert.deepEqual([...page.data, ...(await collect(rest))], all);
    assert.ok((await collect(admin.pages("/api/accounts", { params: { query: { limit: 1 } } }))).length >= 2);
  });

  test("what the broker refuses is an error of its own class", async () => {
    const { tradyn, key } = await open();
    const poor: unknown = await tradyn
      .POST("/api/trade", { body: { ...EURUSD, volume: 50 } })
      .catch((error: unknown) => error);
    assert.ok(poor instanceof InsufficientMargin && poor instanceof Refused);
    assert.deepEqual(
      [poor.code, poor.retcode, poor.status, poor.attempts],
      ["INSUFFICIENT_MARGIN", 10019, 400, 1],
    );
    assert.match(poor.message, /^Insufficient margin: needs /);
    assert.ok(poor.requestId);
    await assert.rejects(tradyn.POST("/api/trade", { body: { ...EURUSD, symbol: "EURUSX" } }), UnknownSymbol);
    await assert.rejects(tradyn.POST("/api/trade", { body: { ...EURUSD, sl: 2 } }), InvalidStops);
    const malformed: unknown = await tradyn
      .GET("/api/candles/{symbol}", {
        params: { path: { symbol: "EURUSD" }, query: { timeframe: "H1", count: 0 } },
      })
      .catch((error: unknown) => error);
    assert.ok(malformed instanceof InvalidRequest);
    assert.deepEqual(
      malformed.details.map(({ at }) => at),
      ["query.count"],
    );
    await assert.rejects(createTradynClient({ baseUrl }).GET("/api/account"), Unauthorized);
    await assert.rejects(
      createTradynClient({ baseUrl, apiKey: `${key}x` }).GET("/api/account"),
      InvalidApiKey,
    );
    await assert.rejects(tradyn.GET("/api/accounts"), InsufficientScope);
  });

  test("a key is rotated, an account filled and reset", async () => {
    const { tradyn, login } = await open();
    const issued = await tradyn.POST("/api/keys", { body: { scope: "read", label: "dashboard" } });
    const params = { path: { key_id: issued.key_id } };
    const rotated = await tradyn.POST("/api/keys/{key_id}/rotate", { params });
    const reader = createTradynClient({ baseUrl, apiKey: rotated.api_key });
    const body = { amount: 500, comment: "Top up" };
    await admin.POST("/api/accounts/{login}/balance", { params: { path: { login } }, body });
    assert.equal((await reader.GET("/api/account")).balance, 10_500);
    await admin.POST("/api/accounts/{login}/reset", { params: { path: { login } } });
    assert.equal((await reader.GET("/api/account")).balance, 10_000);
    const keys = await tradyn.GET("/api/keys");
    assert.deepEqual(
      keys.map(({ revoked_at, expires_at }) => revoked_at ?? expires_at).filter(Boolean).length,
      1,
    );
  });

  test("the raw client gives the envelope and the headers, and throws nothing", async () => {
    const { tradyn } = await open();
    const { data, error, response } = await tradyn.raw.GET("/api/account");
    assert.deepEqual([data?.success, data?.data.balance, error], [true, 10_000, undefined]);
    assert.match(response.headers.get("RateLimit") ?? "", /r=\d+/);
    const refused = await tradyn.raw.POST("/api/trade", { body: { ...EURUSD, volume: 50 } });
    assert.equal(refused.error?.code, "INSUFFICIENT_MARGIN");
  });

  test("the server is of the contract's version", async () => {
    const document = (await (await fetch(`${new URL(baseUrl).origin}/openapi.json`)).json()) as {
      info: { version: string };
    };
    assert.equal(document.info.version, CONTRACT_VERSION);
    assert.equal((await createTradynClient({ baseUrl }).GET("/health/ready")).status, "ok");
  });
});

describe("a bad line", () => {
  const setFaults = admin.PUT;
  beforeEach(() => setFaults("/api/simulation/faults", { body: {} }));
  after(() => setFaults("/api/simulation/faults", { body: {} }));

  test("200 trades, of whose answers three in ten are lost, are 200 positions", async () => {
    const told: Retry[] = [];
    const { tradyn } = await open({ retry: PATIENT, onRetry: (retry) => void told.push(retry) });
    await setFaults("/api/simulation/faults", { body: { lost_reply_rate: 0.3, seed: 7 } });
    const filled = await Promise.all(
      Array.from({ length: 200 }, () => tradyn.POST("/api/trade", { body: EURUSD })),
    );
    await setFaults("/api/simulation/faults", { body: {} });
    const positions = await tradyn.GET("/api/positions");
    const tickets = (each: readonly { ticket: number }[]): number[] =>
      each.map(({ ticket }) => ticket).sort((a, b) => a - b);
    assert.equal(positions.length, 200);
    assert.deepEqual(tickets(positions), tickets(filled));
    const lost = told.filter(({ error }) => error instanceof NoAnswer);
    assert.ok(lost.length >= 30, `only ${lost.length} answers were lost`);
    // So many at once are more than the server has in hand: some are told to come again.
    assert.ok(told.every(({ error }) => error instanceof NoAnswer || error instanceof RateLimited));
  });

  test("every kind of fault at once, and every operation that takes an id is done once", async () => {
    const { tradyn, login } = await open({ retry: PATIENT });
    const patientAdmin = createTradynClient({ baseUrl, apiKey: setting("BROKER_ADMIN_KEY"), retry: PATIENT });
    await setFaults("/api/simulation/faults", { body: { lost_reply_rate: 0.4, error_rate: 0.3, seed: 11 } });
    for (let round = 0; round < 8; round += 1) {
      const bought = await tradyn.POST("/api/trade", { body: { ...EURUSD, volume: 0.03 } });
      const params = { path: { ticket: bought.ticket } };
      const part = await tradyn.DELETE("/api/positions/{ticket}", {
        params: { ...params, query: { volume: 0.01 } },
      });
      assert.equal(part.volume_remaining, 0.02);
      const sold = await tradyn.POST("/api/trade", { body: { ...EURUSD, action: "sell", volume: 0.01 } });
      await tradyn.POST("/api/positions/{ticket}/close-by", { params, body: { opposite: sold.ticket } });
      await tradyn.POST("/api/orders", {
        body: { symbol: "EURUSD", type: OrderType.SELL_LIMIT, volume: 0.01, price: 1.5 },
      });
      const { closed, failed } = await tradyn.POST("/api/trade/close-all");
      assert.deepEqual(
        [closed.map(({ ticket, volume }) => [ticket, volume]), failed],
        [[[bought.ticket, 0.01]], []],
      );
      await patientAdmin.POST("/api/accounts/{login}/balance", {
        params: { path: { login } },
        body: { amount: 1 },
      });
    }
    await setFaults("/api/simulation/faults", { body: {} });
    assert.deepEqual(await tradyn.GET("/api/positions"), []);
    assert.equal((await tradyn.GET("/api/orders")).data.length, 8);
    const deals = await collect(tradyn.pages("/api/account/history"));
    const count = (name: string): number =>
      deals.filter(({ type, entry }) => (entry ?? type) === name).length;
    assert.deepEqual([count("in"), count("out"), count("out_by"), count("balance")], [16, 16, 16, 9]);
  });

  test("without an id a trade is sent once, and the error says that it may be done", async () => {
    const { tradyn } = await open({ retry: PATIENT, clientOrderId: false });
    await setFaults("/api/simulation/faults", { body: { lost_reply_rate: 1 } });
    const error: unknown = await tradyn
      .POST("/api/trade", { body: EURUSD })
      .catch((reason: unknown) => reason);
    await setFaults("/api/simulation/faults", { body: {} });
    assert.ok(error instanceof NoAnswer);
    assert.deepEqual([error.attempts, error.isInDoubt, error.clientOrderId], [1, true, null]);
    assert.equal((await tradyn.GET("/api/positions")).length, 1);
  });

  test("when no attempt succeeds, the error's id asks again safely", async () => {
    const { tradyn } = await open({ retry: { attempts: 3, backoffMs: 1 } });
    await setFaults("/api/simulation/faults", { body: { lost_reply_rate: 1 } });
    const error: unknown = await tradyn
      .POST("/api/trade", { body: EURUSD })
      .catch((reason: unknown) => reason);
    await setFaults("/api/simulation/faults", { body: {} });
    assert.ok(error instanceof NoAnswer && error.clientOrderId !== null);
    assert.deepEqual([error.attempts, error.isInDoubt], [3, true]);
    const filled = await tradyn.POST("/api/trade", {
      body: { ...EURUSD, client_order_id: error.clientOrderId },
    });
    const positions = await tradyn.GET("/api/positions");
    assert.deepEqual(
      positions.map(({ ticket }) => ticket),
      [filled.ticket],
    );
  });

  test("a server that is not connected is asked again, and found when it is back", async () => {
    let attempts = 0;
    const { tradyn } = await open({
      retry: { ...PATIENT, backoffMs: 20 },
      onRetry: ({ error }) => {
        assert.ok(error instanceof NotConnected);
        attempts += 1;
        if (attempts === 3) void setFaults("/api/simulation/faults", { body: {} });
      },
    });
    await setFaults("/api/simulation/faults", { body: { connected: false } });
    await tradyn.POST("/api/trade", { body: EURUSD });
    assert.ok(attempts >= 3);
    assert.equal((await tradyn.GET("/api/positions")).length, 1);
  });

  test("what takes no id is not repeated", async () => {
    const { tradyn } = await open({ retry: PATIENT });
    const { ticket } = await tradyn.POST("/api/trade", { body: EURUSD });
    await setFaults("/api/simulation/faults", { body: { connected: false } });
    const params = { path: { ticket } };
    const error: unknown = await tradyn
      .PATCH("/api/positions/{ticket}", { params, body: { sl: 1 } })
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof NotConnected);
    assert.deepEqual([error.attempts, error.isInDoubt, error.status, error.retcode], [1, true, 503, 10031]);
  });
});

describe("a busy server", () => {
  const options = { baseUrl: setting("BUSY_URL"), apiKey: setting("BUSY_API_KEY") };

  test("is asked again after as long as it says", async () => {
    const told: Retry[] = [];
    const tradyn = createTradynClient({
      ...options,
      retry: PATIENT,
      onRetry: (retry) => void told.push(retry),
    });
    const body = { scope: "read" } as const;
    await Promise.all(Array.from({ length: 6 }, () => tradyn.POST("/api/keys", { body })));
    assert.ok(told.length >= 3);
    for (const { error, waitMs } of told) {
      assert.ok(error instanceof RateLimited && error.retryAfter !== null);
      assert.ok(error.retryAfter >= 1 && waitMs >= error.retryAfter * 1000);
    }
    // The key that was there, and one for each request: none was made twice.
    assert.equal((await tradyn.GET("/api/keys")).length, 7);
  });

  test("says so when there is no time to wait", async () => {
    const tradyn = createTradynClient({ ...options, retry: { withinMs: 0 } });
    const asked = await Promise.allSettled(Array.from({ length: 50 }, () => tradyn.GET("/api/account")));
    const errors = asked.filter((each) => each.status === "rejected").map(({ reason }) => reason as unknown);
    assert.ok(errors.length > 0);
    for (const error of errors) {
      assert.ok(error instanceof RateLimited);
      assert.deepEqual(
        [error.status, error.retcode, error.attempts, error.isInDoubt],
        [429, 10024, 1, false],
      );
      assert.ok(error.retryAfter !== null && error.retryAfter >= 1);
    }
  });
});
