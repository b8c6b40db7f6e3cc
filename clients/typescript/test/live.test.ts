/**
 * The stream against running servers:
 *
 * `BROKER_URL`, `BROKER_ADMIN_KEY`: a server whose prices are the tests' own to set;
 * `SERVE`, `SERVE_URL`, `SERVE_DATA`: the command (JSON) that starts one which may be killed, where it then is,
 * and its data folder.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { after, describe, test } from "node:test";
import {
  createTradynClient,
  type Deal,
  Denied,
  type Disconnect,
  InsufficientScope,
  InvalidApiKey,
  InvalidCursor,
  type KeyScope,
  NoAnswer,
  type StreamEvent,
  type TradynClient,
  type TradynClientOptions,
  TradynError,
  UnknownSymbol,
} from "../src/index.ts";

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`These tests need a server; ${name} is not set`);
  return value;
}

const baseUrl = setting("BROKER_URL");
const admin = createTradynClient({ baseUrl, apiKey: setting("BROKER_ADMIN_KEY") });
const BUY = { symbol: "EURUSD", action: "buy", volume: 0.01 } as const;
// What is tested is what is heard, not how long it takes.
const AT_ONCE = { backoffMs: 1 };
const PATIENT = { attempts: 1000, backoffMs: 1, withinMs: Infinity };

/** An account of its own. */
async function open(options: TradynClientOptions = {}): Promise<TradynClient> {
  const { api_key: apiKey } = await admin.POST("/api/accounts", { body: {} });
  return createTradynClient({ baseUrl, apiKey, ...options });
}

const push = (symbol: string, bid: number, ask: number): Promise<unknown> =>
  admin.POST("/api/simulation/quotes", { body: { quotes: [{ symbol, bid, ask }] } });

async function trade(tradyn: TradynClient): Promise<void> {
  const { ticket } = await tradyn.POST("/api/trade", { body: BUY });
  await tradyn.DELETE("/api/positions/{ticket}", { params: { path: { ticket } } });
}

async function history(tradyn: TradynClient): Promise<Deal[]> {
  const deals: Deal[] = [];
  for await (const deal of tradyn.pages("/api/account/history", { params: { query: { limit: 1000 } } }))
    deals.push(deal);
  return deals;
}

/** The first event that fits, with those before it thrown away. */
async function until<E extends StreamEvent>(
  stream: AsyncIterator<E>,
  fits: (event: E) => boolean,
): Promise<E> {
  for (;;) {
    const { value, done } = await stream.next();
    if (done === true) assert.fail("The stream has ended");
    if (fits(value as E)) return value as E;
  }
}

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => assert.fail(`It should have failed, and gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

/** Passes on to the broker, and cuts each connection after so many bytes that came from there. */
async function line(bytes: () => number): Promise<{ url: string; open: Set<Socket>; close: () => void }> {
  const { hostname, port, pathname } = new URL(baseUrl);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let left = bytes();
    const cut = (): void => {
      open.delete(near);
      near.destroy();
      far.destroy();
    };
    open.add(near);
    near.on("data", (data) => far.write(data));
    far.on("data", (data) => {
      if (data.length < left) near.write(data);
      // Also in the middle of a message.
      else near.write(data.subarray(0, left), cut);
      left -= data.length;
    });
    for (const end of [near, far]) end.on("error", cut).on("close", cut);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`;
  return { url, open, close: () => server.close() };
}

/** The same numbers in each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe("what is heard", () => {
  test("the quotes that are pushed, of the symbols that were asked for", async () => {
    const tradyn = await open();
    const stream = tradyn.stream({ ticks: ["GBPUSD"] });
    const present = await until(stream, () => true);
    assert.deepEqual(
      [present.event, present.data],
      ["tick", await tradyn.GET("/api/quotes/{symbol}", { params: { path: { symbol: "GBPUSD" } } })],
    );
    for (const spread of [0.0001, 0.0002, 0.0003]) {
      await push("USDJPY", 150, 150.1);
      await push("GBPUSD", 1.3, 1.3 + spread);
      const { data } = await until(stream, () => true);
      assert.deepEqual([data.symbol, data.bid, data.ask], ["GBPUSD", 1.3, Number((1.3 + spread).toFixed(5))]);
    }
    await stream.return();

    const { length } = await tradyn.GET("/api/symbols");
    const all = tradyn.stream({ ticks: true });
    const symbols = new Set<string>();
    while (symbols.size < length) symbols.add((await until(all, () => true)).data.symbol);
    await all.return();
  });

  test("a trade on every channel, after what there was before", async () => {
    const tradyn = await open();
    await trade(tradyn);
    const stream = tradyn.stream({
      candles: [{ symbols: ["EURUSD"], timeframe: "M1" }],
      account: true,
      positions: true,
      orders: true,
      deals: true,
      notifications: true,
    });
    const begun: Record<string, StreamEvent> = {};
    while (Object.keys(begun).length < 5) {
      const event = await until(stream, () => true);
      begun[event.event] ??= event;
    }
    const { deals, positions, orders, account, candle } = begun;
    assert.ok(deals?.event === "deals" && positions?.event === "positions" && orders?.event === "orders");
    assert.ok(account?.event === "account" && candle?.event === "candle");
    assert.deepEqual(deals.data, await history(tradyn));
    assert.deepEqual([positions.data, orders.data, account.data], [[], [], await tradyn.GET("/api/account")]);
    assert.deepEqual([candle.symbol, candle.timeframe, candle.is_closed], ["EURUSD", "M1", false]);

    await trade(tradyn);
    const heard = new Map<number, string[]>();
    for (let count = 0; count < 6;) {
      const event = await until(stream, () => true);
      if (!("version" in event) || event.version === null) continue;
      heard.set(event.version, [...(heard.get(event.version) ?? []), event.event].sort());
      count += 1;
    }
    const each = ["deal", "order", "position"];
    assert.deepEqual([...heard.values()], [each, each]);
    await stream.return();
  });

  test("from a version on, and from the beginning", async () => {
    const tradyn = await open();
    for (let count = 0; count < 3; count += 1) await trade(tradyn);
    const all = await history(tradyn);
    const heard: { version: number; data: Deal }[] = [];
    for await (const event of tradyn.stream({ deals: { after: 0 } })) {
      heard.push(event);
      if (heard.length === all.length) break;
    }
    assert.deepEqual(
      heard.map(({ data }) => data),
      all,
    );
    const rest = tradyn.stream({ deals: { after: heard[3]?.version ?? 0 } });
    for (const deal of all.slice(4)) assert.deepEqual((await until(rest, () => true)).data, deal);
    await rest.return();
  });

  test("nothing of another account", async () => {
    const [tradyn, other] = [await open(), await open()];
    const stream = tradyn.stream({ deals: { after: 0 }, orders: { after: 0 }, positions: { after: 0 } });
    await trade(other);
    await trade(tradyn);
    const own = await history(tradyn);
    const heard: Deal[] = [];
    await until(stream, (event) => {
      if (event.event === "deal") heard.push(event.data);
      return heard.length === own.length;
    });
    assert.deepEqual(heard, own);
    await stream.return();
  });
});

describe("the end", () => {
  test("leaving the loop, return() and a signal close the connection", async () => {
    const { url, open: sockets, close } = await line(() => Infinity);
    const tradyn = await open({ baseUrl: url });
    const closed = async (): Promise<void> => {
      while (sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    };

    for await (const event of tradyn.stream({ ticks: ["EURUSD"] })) {
      assert.ok(event.data.bid > 0 && sockets.size > 0);
      break;
    }
    await closed();

    const waiting = tradyn.stream({ notifications: true, ticks: ["EURUSD"] });
    await waiting.next();
    const next = waiting.next();
    assert.deepEqual(await waiting.return(), { done: true, value: undefined });
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.deepEqual(await waiting.next(), { done: true, value: undefined });
    await closed();

    const controller = new AbortController();
    const aborted = tradyn.stream({ ticks: ["EURUSD"], signal: controller.signal });
    await aborted.next();
    const pending = thrown(aborted.next());
    const reason = new Error("enough");
    controller.abort(reason);
    assert.equal(await pending, reason);
    assert.deepEqual(await aborted.next(), { done: true, value: undefined });
    await closed();
    assert.equal(await thrown(tradyn.stream({ ticks: true, signal: controller.signal }).next()), reason);
    close();
  });

  test("a key that is revoked", async () => {
    const tradyn = await open();
    const { key_id, api_key: apiKey } = await tradyn.POST("/api/keys", { body: { scope: "read" } });
    const told: Disconnect[] = [];
    const reader = createTradynClient({ baseUrl, apiKey });
    const stream = reader.stream({ deals: true, onDisconnect: (each) => void told.push(each) });
    assert.equal((await until(stream, () => true)).event, "deals");
    const next = thrown(stream.next());
    await tradyn.DELETE("/api/keys/{key_id}", { params: { path: { key_id } } });
    const error = await next;
    assert.ok(error instanceof InvalidApiKey && error instanceof Denied);
    assert.match(error.message, /revoked/);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
    // And when it was revoked before:
    assert.ok((await thrown(reader.stream({ deals: true }).next())) instanceof InvalidApiKey);
    assert.deepEqual(told, []);
  });

  test("what is not allowed, and what there is not", async () => {
    const tradyn = await open();
    const key = async (scope: KeyScope): Promise<TradynClient> => {
      const { api_key: apiKey } = await tradyn.POST("/api/keys", { body: { scope } });
      return createTradynClient({ baseUrl, apiKey });
    };
    const trader = await key("trade");
    assert.ok((await thrown(trader.stream({ deals: true }).next())) instanceof InsufficientScope);
    assert.ok((await thrown(admin.stream({ ticks: true }).next())) instanceof InsufficientScope);
    assert.ok((await thrown(tradyn.stream({ ticks: ["EURUSX"] }).next())) instanceof UnknownSymbol);
    const ahead = tradyn.stream({ deals: { after: 1_000_000 } });
    const error = await thrown(ahead.next());
    assert.ok(error instanceof InvalidCursor);
    assert.match(error.message, /1000000/);
  });

  test("no server: as often as a request is tried", async () => {
    const { url, close } = await line(() => 0);
    close();
    const told: Disconnect[] = [];
    const tradyn = createTradynClient({
      baseUrl: url,
      apiKey: "tk_live_x",
      retry: { attempts: 3, backoffMs: 1 },
    });
    const stream = tradyn.stream({ ticks: true, onDisconnect: (each) => void told.push(each) });
    const error = await thrown(stream.next());
    assert.ok(error instanceof NoAnswer);
    assert.equal(error.attempts, 3);
    assert.deepEqual(
      told.map(({ attempt }) => attempt),
      [1, 2],
    );
  });
});

describe("a bad line", () => {
  test("cut off 30 times at random while trading goes on: every deal once, in order", async () => {
    const random = dice(7);
    let connections = 0;
    const { url, close } = await line(() => {
      connections += 1;
      return connections <= 30 ? Math.floor(random() * 6_000) : Infinity;
    });
    const direct = await open();
    const { api_key: apiKey } = await direct.POST("/api/keys", { body: { scope: "read" } });
    const tradyn = createTradynClient({ baseUrl: url, apiKey, retry: PATIENT });
    const trading = (async (): Promise<Deal[]> => {
      for (let count = 0; count < 60 || connections <= 30; count += 1) await trade(direct);
      return history(direct);
    })();
    let all: Deal[] | undefined;
    const toldAll = trading.then(async (deals) => {
      all = deals;
      // All may have been heard by now, and the clock stands still: one more event.
      const { bid, ask } = await direct.GET("/api/quotes/{symbol}", {
        params: { path: { symbol: "EURUSD" } },
      });
      await push("EURUSD", bid, ask);
    });

    const told = { connects: 0, losses: 0 };
    const versions: Record<string, number[]> = { deal: [], order: [], position: [] };
    const deals: Deal[] = [];
    const stream = tradyn.stream({
      ticks: ["EURUSD"],
      account: true,
      deals: { after: 0 },
      orders: { after: 0 },
      positions: { after: 0 },
      reconnect: AT_ONCE,
      onConnect: () => void (told.connects += 1),
      onDisconnect: ({ error, attempt }) => {
        assert.ok(error instanceof NoAnswer);
        if (attempt === 0) told.losses += 1;
      },
    });
    await until(stream, (event) => {
      if (event.event === "deal") deals.push(event.data);
      if ("version" in event && event.version !== null) versions[event.event]?.push(event.version);
      const { deal = [], order = [], position = [] } = versions;
      return (
        all !== undefined &&
        deals.length >= all.length &&
        order.at(-1) === deal.at(-1) &&
        position.at(-1) === deal.at(-1)
      );
    });
    await stream.return();
    close();
    assert.deepEqual(deals, await trading);
    await toldAll;
    const { deal = [], order, position } = versions;
    assert.deepEqual(
      deal,
      [...new Set(deal)].sort((a, b) => a - b),
    );
    // Each deal is of an order and of a position, but for the first deposit.
    assert.deepEqual([order, position], [deal.slice(1), deal.slice(1)]);
    assert.equal(connections, 31);
    assert.ok(told.losses >= 10 && told.connects > told.losses, JSON.stringify(told));
  });

  test("a program that is slower than the queue is long hears everything once", async () => {
    const tradyn = await open();
    for (let count = 0; count < 40; count += 1) await trade(tradyn);
    const all = await history(tradyn);
    const told: Disconnect[] = [];
    let known = 0;
    let isTold: () => void = () => undefined;
    const stream = tradyn.stream({
      deals: { after: 0 },
      queueLimit: 10,
      onDisconnect: (each) => {
        told.push(each);
        isTold();
      },
    });
    const heard: Deal[] = [];
    for await (const event of stream) {
      if (event.event === "deal") heard.push(event.data);
      // It stops until the queue is full.
      if (heard.length % 20 === 1 && heard.length < 60) {
        while (told.length === known) await new Promise<void>((resolve) => (isTold = resolve));
        known = told.length;
      }
      if (heard.length === all.length) break;
    }
    assert.deepEqual(heard, all);
    assert.ok(told.length >= 3);
    for (const { error, waitMs } of told) {
      assert.ok(error instanceof TradynError && !(error instanceof NoAnswer));
      assert.equal(waitMs, null);
    }
  });
});

describe("a server that is killed", () => {
  const [command = "", ...options] = JSON.parse(setting("SERVE")) as string[];
  const url = setting("SERVE_URL");
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn(command, options, { stdio: "ignore" });
    await createTradynClient({ baseUrl: url, retry: { ...PATIENT, maxBackoffMs: 50 } }).GET("/health/ready");
  };
  const kill = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, "exit");
    server.kill("SIGKILL");
    await exit;
  };
  after(kill);

  test("and started again: the stream goes on where it was", async () => {
    await start();
    const credentials = await readFile(`${setting("SERVE_DATA")}/credentials.json`, "utf8");
    const { api_key: apiKey } = JSON.parse(credentials) as { api_key: string };
    const tradyn = createTradynClient({ baseUrl: url, apiKey, retry: PATIENT });
    let connects = 0;
    const stream = tradyn.stream({
      ticks: ["EURUSD"],
      deals: true,
      notifications: true,
      reconnect: { ...AT_ONCE, maxBackoffMs: 50 },
      onConnect: () => void (connects += 1),
    });
    const deals: Deal[] = [];
    // Of each connection one tick is sure, for the clock stands still; it may come before deals or after.
    let ticked = 0;
    const hear = (event: StreamEvent): void => {
      if (event.event === "deals") deals.push(...event.data);
      if (event.event === "deal") deals.push(event.data);
      if (event.event === "tick") ticked = connects;
    };
    const take = async (count: number): Promise<void> => {
      await until(stream, (event) => {
        hear(event);
        return deals.length >= count;
      });
    };
    await take(1);
    for (let round = 1; round <= 3; round += 1) {
      await trade(tradyn);
      // Some of it is heard before, some after.
      await take(4 * round - 2);
      await trade(tradyn);
      await kill();
      await start();
    }
    const all = await history(tradyn);
    assert.equal(all.length, 13);
    await take(all.length);
    // Ticks are heard again, too.
    const isBack = (): boolean => connects >= 4 && ticked === connects;
    if (!isBack())
      await until(stream, (event) => {
        hear(event);
        return isBack();
      });
    await stream.return();
    assert.deepEqual(deals, all);
    assert.ok(connects >= 4);
  });
});
