/** What the stream makes of connections, good and bad: with a WebSocket of the test's own. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { EventQueue } from "../src/event-queue.ts";
import {
  type CandleEvent,
  createTradynClient,
  type DealEvent,
  type Disconnect,
  InternalError,
  InvalidApiKey,
  NoAnswer,
  Rejected,
  type StreamEvent,
  type StreamOptions,
  type StreamRequest,
  type TradynClientOptions,
  TradynError,
  Unauthorized,
  UnexpectedAnswer,
  UnknownSymbol,
  type WebSocketLike,
} from "../src/index.ts";

const KEY = "tk_test_0123456789abcdefghijABCDEFGHIJ00000000";
const TIME = "2026-03-02T09:30:00.000Z";

type Message = Record<string, unknown>;
type Listener = (event: Message) => void;

/** A server's end of a connection. */
class End implements WebSocketLike {
  readonly url: string;
  readonly said: StreamRequest[] = [];
  isClosed = false;
  readonly #listeners: [string, Listener][] = [];
  readonly #answer: (end: End, request: StreamRequest) => void;

  constructor(url: string, answer: (end: End, request: StreamRequest) => void) {
    this.url = url;
    this.#answer = answer;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.push([type, listener]);
  }
  send(text: string): void {
    const request = JSON.parse(text) as StreamRequest;
    this.said.push(request);
    queueMicrotask(() => this.#answer(this, request));
  }
  close(): void {
    this.isClosed = true;
  }
  happen(type: string, event: Message = {}): void {
    for (const [each, listener] of this.#listeners) if (each === type) listener(event);
  }
  tell(...messages: Message[]): void {
    for (const message of messages) this.happen("message", { data: JSON.stringify(message) });
  }
}

const welcome = (heartbeat_seconds = 20): Message => ({
  event: "welcome",
  id: null,
  time: TIME,
  server_version: "1",
  heartbeat_seconds,
});
const subscribed = (request: StreamRequest, version: number | null = null): Message => ({
  event: "subscribed",
  id: request.id ?? null,
  channel: "channel" in request ? request.channel : "",
  version,
});
const refusal = (request: StreamRequest, code: string): Message => ({
  event: "error",
  id: request.id ?? null,
  code,
  error: `It is ${code}`,
  retcode: null,
});
const deal = (version: number): Message => ({ event: "deal", version, data: { ticket: version } });
const tick = (symbol: string, bid: number): Message => ({ event: "tick", data: { symbol, bid } });

/**
 * A stream, and the server's ends of its connections. `answer` is what a server does with a request on the
 * connection of this number, from 1, besides taking the key.
 */
function streaming(
  options: StreamOptions,
  answer: (end: End, request: StreamRequest, number: number) => void,
  more: TradynClientOptions & { heartbeatSeconds?: number } = {},
) {
  const ends: End[] = [];
  const told: Disconnect[] = [];
  const WebSocket = class extends End {
    constructor(url: string) {
      super(url, (end, request) => {
        if (request.op !== "auth") answer(end, request, ends.indexOf(end) + 1);
        else if (!end.isClosed) end.tell(welcome(more.heartbeatSeconds));
      });
      ends.push(this);
      queueMicrotask(() => this.happen("open"));
    }
  };
  const tradyn = createTradynClient({
    baseUrl: "http://broker.test/v1/",
    apiKey: KEY,
    WebSocket,
    retry: { attempts: 3, backoffMs: 1 },
    ...more,
  });
  const stream = tradyn.stream({
    reconnect: { backoffMs: 1, maxBackoffMs: 1 },
    onDisconnect: (each) => void told.push(each),
    ...options,
  });
  return { stream, ends, told };
}

/** What is asked for on the connection of this number, from 1. */
const asked = (ends: End[], number: number): StreamRequest[] =>
  (ends[number - 1]?.said ?? []).filter(({ op }) => op === "subscribe");

async function events(stream: AsyncIterator<StreamEvent>, count: number): Promise<unknown[]> {
  const all: unknown[] = [];
  while (all.length < count) {
    const { value, done } = await stream.next();
    assert.notEqual(done, true);
    all.push(value);
  }
  return all;
}

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail("It should have failed"),
    (error: unknown) => error,
  );
}

describe("what is asked for", () => {
  test("the key first, in a message and nowhere else", async () => {
    const { stream, ends } = streaming({ ticks: true }, (end) => end.tell(tick("EURUSD", 1)));
    assert.equal(ends.length, 0);
    await stream.next();
    assert.equal(ends[0]?.url, "ws://broker.test/v1/api/stream");
    assert.deepEqual(ends[0].said, [
      { op: "auth", key: KEY },
      { op: "subscribe", channel: "ticks", id: "0" },
    ]);
    assert.ok(!inspect(stream, { showHidden: true, depth: 9 }).includes(KEY));
    assert.ok(!JSON.stringify(stream).includes(KEY));
    await stream.return();
    assert.ok(ends[0].isClosed);
  });

  test("everything, in requests that are not too long", async () => {
    const symbols = Array.from({ length: 1000 }, (_, number) => `A_NAME_THAT_IS_${number}`.padEnd(32, "_"));
    const channels: StreamOptions = {
      ticks: symbols,
      candles: [
        { symbols: ["EURUSD"], timeframe: "M1" },
        { symbols: ["EURUSD", "GBPUSD"], timeframe: "D1" },
      ],
      account: true,
      positions: true,
      orders: { after: 0 },
      deals: { after: 17 },
      notifications: false,
    };
    const { stream, ends } = streaming(channels, (end, request) => {
      if (request.op === "subscribe" && request.channel === "deals") end.tell(deal(18));
    });
    await stream.next();
    const requests = asked(ends, 1);
    assert.ok(requests.every((each) => JSON.stringify(each).length < 16_384));
    const ticks = requests.flatMap((each) =>
      each.op === "subscribe" && each.channel === "ticks" ? (each.symbols ?? []) : [],
    );
    assert.deepEqual(ticks, symbols);
    const rest = requests.filter((each) => !("channel" in each && each.channel === "ticks"));
    assert.deepEqual(
      rest.map(({ id: _, ...each }) => each),
      [
        { op: "subscribe", channel: "candles", symbols: ["EURUSD"], timeframe: "M1" },
        { op: "subscribe", channel: "candles", symbols: ["EURUSD", "GBPUSD"], timeframe: "D1" },
        { op: "subscribe", channel: "account" },
        { op: "subscribe", channel: "positions" },
        { op: "subscribe", channel: "orders", after: 0 },
        { op: "subscribe", channel: "deals", after: 17 },
      ],
    );
    assert.equal(new Set(requests.map(({ id }) => id)).size, requests.length);
    await stream.return();
  });

  test("over https it is wss", async () => {
    const { stream, ends } = streaming({ ticks: true }, (end) => end.tell(tick("EURUSD", 1)), {
      baseUrl: "https://broker.test/v1",
    });
    await stream.next();
    assert.equal(ends[0]?.url, "wss://broker.test/v1/api/stream");
    await stream.return();
  });

  test("what cannot be asked for", () => {
    const client = createTradynClient({ baseUrl: "http://broker.test/v1", apiKey: KEY });
    assert.throws(() => client.stream({}), /something to hear of/);
    assert.throws(() => client.stream({ ticks: [], deals: false }), TypeError);
    const keyless = createTradynClient({ baseUrl: "http://broker.test/v1" });
    assert.throws(
      () => keyless.stream({ ticks: true }),
      (error) => error instanceof Unauthorized && error.code === "UNAUTHORIZED",
    );
    const { WebSocket } = globalThis;
    try {
      Object.assign(globalThis, { WebSocket: undefined });
      assert.throws(() => client.stream({ ticks: true }), /package ws/);
    } finally {
      Object.assign(globalThis, { WebSocket });
    }
  });
});

describe("after a break", () => {
  test("each channel goes on after the last version, and nothing comes twice", async () => {
    const { stream, ends, told } = streaming(
      { deals: true, notifications: true, ticks: ["EURUSD"] },
      (end, request, number) => {
        if (request.op !== "subscribe") return;
        const { channel } = request;
        const after = "after" in request ? (request.after ?? null) : 7;
        end.tell(subscribed(request, channel === "ticks" ? null : after));
        if (channel !== "deals") return;
        if (number === 1) {
          end.tell({ event: "deals", version: 7, data: [] }, deal(9), deal(12));
          end.happen("close", { code: 1006 });
          // Too late to be heard.
          end.tell(deal(13));
        } else end.tell(deal(9), deal(12), deal(13));
      },
    );
    assert.deepEqual(await events(stream, 4), [
      { event: "deals", version: 7, data: [] },
      deal(9),
      deal(12),
      deal(13),
    ]);
    assert.deepEqual(asked(ends, 2).slice(1), [
      { op: "subscribe", channel: "deals", after: 12, id: "1" },
      // It had not been confirmed yet.
      { op: "subscribe", channel: "notifications", id: "2" },
    ]);
    assert.ok(ends[0]?.isClosed);
    ends[1]?.happen("error", { message: "cut" });
    ends[1]?.happen("close", { code: 1006 });
    const next = stream.next();
    while (asked(ends, 3).length < 3) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(asked(ends, 3).slice(1), [
      { op: "subscribe", channel: "deals", after: 13, id: "1" },
      { op: "subscribe", channel: "notifications", after: 7, id: "2" },
    ]);
    ends[2]?.tell({ event: "notification", version: null, data: {} }, deal(13), deal(15));
    assert.deepEqual((await next).value, { event: "notification", version: null, data: {} });
    assert.deepEqual(await events(stream, 1), [deal(15)]);
    assert.deepEqual(
      told.map(({ error, attempt }) => [error.name, attempt, /1006|cut/.test(error.message)]),
      [
        ["NoAnswer", 1, true],
        ["NoAnswer", 0, true],
      ],
    );
    await stream.return();
  });

  test("a snapshot that did not arrive is asked for again", async () => {
    const { stream, ends } = streaming({ positions: true }, (end, request, number) => {
      end.tell(subscribed(request, 7));
      if (number === 1) end.happen("close", { code: 1006 });
      else end.tell({ event: "positions", version: 8, data: [] });
    });
    assert.deepEqual(await events(stream, 1), [{ event: "positions", version: 8, data: [] }]);
    assert.deepEqual(asked(ends, 2), asked(ends, 1));
    await stream.return();
  });

  test("a server that says why it closes is asked again, unless it is for the key", async () => {
    const { stream, told } = streaming({ deals: true }, (end, request, number) => {
      end.tell(subscribed(request, 7), deal(7 + number));
      if (number === 1) end.tell({ event: "closing", code: "REJECTED", error: "Too slow" });
      else if (number === 2) end.tell({ event: "closing", code: "NEVER_HEARD_OF", error: "For a reason" });
      else end.tell({ event: "closing", code: "INVALID_API_KEY", error: "Revoked" });
      end.happen("close", { code: 1008 });
    });
    assert.deepEqual(await events(stream, 3), [deal(8), deal(9), deal(10)]);
    const error = await thrown(stream.next());
    assert.ok(error instanceof InvalidApiKey && error.message === "Revoked");
    assert.deepEqual(
      told.map(({ error: { constructor, message }, attempt }) => [constructor, message, attempt]),
      [
        [Rejected, "Too slow", 0],
        [UnexpectedAnswer, "For a reason (NEVER_HEARD_OF)", 0],
      ],
    );
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  test("the first connection is tried as a request is; later ones as `reconnect` says", async () => {
    const never = streaming({ ticks: true }, () => undefined, {
      WebSocket: class extends End {
        constructor(url: string) {
          super(url, () => undefined);
          queueMicrotask(() => this.happen("close", { code: 1006 }));
        }
      },
    });
    const error = await thrown(never.stream.next());
    assert.ok(error instanceof NoAnswer && error.attempts === 3);
    assert.deepEqual(
      never.told.map(({ attempt }) => attempt),
      [1, 2],
    );
    assert.ok(never.told.every(({ waitMs }) => waitMs !== null && waitMs <= 2));

    let connects = 0;
    const once = streaming(
      { ticks: true, reconnect: { attempts: 0 }, onConnect: () => void (connects += 1) },
      (end, request) => {
        end.tell(subscribed(request), tick("EURUSD", 1));
        end.happen("close", { code: 1006 });
      },
    );
    await once.stream.next();
    assert.ok((await thrown(once.stream.next())) instanceof NoAnswer);
    assert.deepEqual([connects, once.told], [1, []]);
  });

  test("a server that does not answer in time", async () => {
    const { stream, told } = streaming({ ticks: true }, () => undefined, {
      timeoutMs: 5,
      retry: { attempts: 2, backoffMs: 1 },
      WebSocket: class extends End {
        constructor(url: string) {
          super(url, () => undefined);
        }
      },
    });
    const error = await thrown(stream.next());
    assert.ok(error instanceof NoAnswer);
    assert.match(error.message, /^No connection to ws:\/\/broker\.test\/v1\/api\/stream within 0\.005 s$/);
    assert.equal(told.length, 1);
  });

  test("one that has fallen silent is asked, and left if it does not answer", async () => {
    const pings = [0, 0];
    const { stream, ends, told } = streaming(
      { ticks: true },
      (end, request, number) => {
        if (request.op === "subscribe") {
          end.tell(subscribed(request), tick("EURUSD", number));
        } else if (request.op === "ping") {
          pings[number - 1] = (pings[number - 1] ?? 0) + 1;
          // At first it only had nothing to say.
          if (pings[0] !== undefined && pings[0] < 3) end.tell({ event: "pong", id: null, time: TIME });
        }
      },
      { heartbeatSeconds: 0.004 },
    );
    assert.deepEqual(await events(stream, 2), [tick("EURUSD", 1), tick("EURUSD", 2)]);
    assert.ok((pings[0] ?? 0) >= 3);
    assert.ok(ends[0]?.isClosed);
    assert.match(told[0]?.error.message ?? "", /not even an answer to a ping/);
    await stream.return();
  });
});

describe("what goes wrong", () => {
  test("a subscription that is refused ends it", async () => {
    const { stream, ends } = streaming({ ticks: ["EURUSX"] }, (end, request) =>
      end.tell(refusal(request, "UNKNOWN_SYMBOL")),
    );
    const error = await thrown(stream.next());
    assert.ok(error instanceof UnknownSymbol && error.message === "It is UNKNOWN_SYMBOL");
    assert.ok(ends.length === 1 && ends[0]?.isClosed === true);
  });

  test("a server that fails is asked again", async () => {
    const { stream, told } = streaming({ ticks: true }, (end, request, number) =>
      end.tell(number === 1 ? refusal(request, "INTERNAL_ERROR") : tick("EURUSD", 1)),
    );
    await stream.next();
    assert.ok(told.length === 1 && told[0]?.error instanceof InternalError);
    await stream.return();
  });

  test("a subscription that came too fast is sent again", async () => {
    const { stream, ends } = streaming({ ticks: true, account: true }, (end, request) => {
      const isAgain = end.said.filter(({ id }) => id === request.id).length > 1;
      end.tell(isAgain ? tick("EURUSD", 1) : refusal(request, "RATE_LIMITED"));
    });
    await stream.next();
    assert.equal(ends.length, 1);
    await stream.return();
  });

  test("what is no message of the stream ends it; what is new is passed over", async () => {
    const { stream } = streaming({ ticks: true }, (end) => {
      end.tell({ event: "fireworks", version: 3 }, tick("EURUSD", 1));
      end.happen("message", { data: "<html>" });
    });
    assert.deepEqual(await events(stream, 1), [tick("EURUSD", 1)]);
    assert.ok((await thrown(stream.next())) instanceof UnexpectedAnswer);
  });

  test("what onConnect or onDisconnect throws ends it", async () => {
    const own = new Error("own");
    const fail = (): never => {
      throw own;
    };
    const first = streaming({ ticks: true, onConnect: fail }, () => undefined);
    assert.equal(await thrown(first.stream.next()), own);
    assert.ok(first.ends[0]?.isClosed);
    const second = streaming({ ticks: true, onDisconnect: fail }, (end) =>
      end.happen("close", { code: 1006 }),
    );
    assert.equal(await thrown(second.stream.next()), own);
  });
});

describe("the program", () => {
  test("may ask for several events at once, and gets them in order", async () => {
    const { stream, ends } = streaming({ deals: true }, (end) => end.tell(deal(1), deal(2)));
    const four = [stream.next(), stream.next(), stream.next(), stream.next()];
    await four[1];
    ends[0]?.tell(deal(3));
    void stream.return();
    assert.deepEqual(
      (await Promise.all(four)).map(({ value, done }) => [value as unknown, done]),
      [
        [deal(1), false],
        [deal(2), false],
        [deal(3), false],
        [undefined, true],
      ],
    );
  });

  test("that takes nothing has no more waiting than queueLimit", async () => {
    const { stream, ends, told } = streaming({ deals: true, queueLimit: 4 }, (end, request) => {
      end.tell(subscribed(request, 0));
      const { after = 0 } = request as { after?: number };
      for (let version = after + 1; version <= 20; version += 1) end.tell(deal(version));
    });
    await stream.next();
    await new Promise((resolve) => setImmediate(resolve));
    // One was taken; five wait, and the connection is closed.
    assert.deepEqual([ends.length, ends[0]?.isClosed, told.length], [1, true, 1]);
    assert.deepEqual([told[0]?.waitMs, told[0]?.error.constructor], [null, TradynError]);
    assert.deepEqual(
      await events(stream, 19),
      Array.from({ length: 19 }, (_, index) => deal(index + 2)),
    );
    // Each connection goes on after all that came on the one before.
    const afters = ends.map((_, index) => (asked(ends, index + 1)[0] as { after?: number }).after ?? 0);
    assert.ok(ends.length >= 3);
    assert.deepEqual(afters.slice(0, 2), [0, 6]);
    assert.deepEqual(
      afters,
      [...new Set(afters)].sort((x, y) => x - y),
    );
    await stream.return();
  });

  test("that waits for nothing can be left, and ends for good", async () => {
    const { stream, ends, told } = streaming({ deals: true, queueLimit: 1 }, (end) =>
      end.tell(deal(1), deal(2), deal(3), deal(4)),
    );
    await stream.next();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(told.length, 1);
    await stream.return();
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(ends.length, 1);

    const unused = streaming({ deals: true }, () => undefined);
    await unused.stream.return();
    assert.deepEqual(await unused.stream.next(), { done: true, value: undefined });
    assert.equal(unused.ends.length, 0);
  });
});

describe("the queue", () => {
  const push = (queue: EventQueue, ...all: Message[]): void => {
    for (const each of all) queue.push(each as unknown as StreamEvent);
  };
  const drain = (queue: EventQueue): unknown[] => {
    const all: unknown[] = [];
    for (let event = queue.take(); event !== undefined; event = queue.take()) all.push(event);
    return all;
  };
  const candle = (close: number, is_closed: boolean): Message => ({
    event: "candle",
    symbol: "EURUSD",
    timeframe: "M1" satisfies CandleEvent["timeframe"],
    is_closed,
    data: { close },
  });

  test("keeps what is numbered, and the latest of the rest at the place of the first", () => {
    const queue = new EventQueue();
    const summary = (equity: number): Message => ({ event: "account", data: { equity } });
    push(queue, tick("A", 1), deal(1), tick("B", 1), summary(1), tick("A", 2), deal(2), summary(2));
    assert.equal(queue.kept, 2);
    assert.deepEqual(drain(queue), [tick("A", 2), deal(1), tick("B", 1), summary(2), deal(2)]);
    assert.equal(queue.kept, 0);
    push(queue, tick("A", 3));
    assert.deepEqual(queue.take(), tick("A", 3));
    push(queue, tick("A", 4), deal(3), tick("A", 5));
    assert.deepEqual(drain(queue), [tick("A", 5), deal(3)]);
  });

  test("a candle is not forming after it has closed", () => {
    const queue = new EventQueue();
    push(queue, candle(1, false), candle(2, true), candle(3, false), candle(4, false));
    assert.deepEqual(drain(queue), [candle(2, true), candle(4, false)]);
  });

  test("is bounded by the number of symbols, whatever comes", () => {
    const queue = new EventQueue();
    for (let bid = 0; bid <= 10_000; bid += 1)
      push(queue, tick(`S${bid % 7}`, bid), candle(bid, bid % 3 === 0));
    assert.equal(drain(queue).length, 9);
  });

  test("taking in between changes nothing of the order", () => {
    const queue = new EventQueue();
    const taken: unknown[] = [];
    for (let version = 1; version <= 5_000; version += 1) {
      push(queue, deal(version));
      if (version % 3 !== 0) taken.push(queue.take());
    }
    taken.push(...drain(queue));
    assert.deepEqual(
      taken.map((each) => (each as DealEvent).version),
      Array.from({ length: 5_000 }, (_, index) => index + 1),
    );
    queue.clear();
    assert.deepEqual([queue.take(), queue.kept], [undefined, 0]);
  });
});
