/** What the client makes of answers and of their absence: with a `fetch` of the test's own. */
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import * as tradynClient from "../src/index.ts";
import {
  createTradynClient,
  Denied,
  Failed,
  InternalError,
  NoAnswer,
  RateLimited,
  Refused,
  Temporary,
  TradynError,
  type TradynClientOptions,
  UnexpectedAnswer,
} from "../src/index.ts";

const BASE_URL = "http://broker.test/v1";
const KEY = "tk_test_0123456789abcdefghijABCDEFGHIJ00000000";
const TRADE = { body: { symbol: "EURUSD", action: "buy", volume: 0.1 } } as const;
const FAILURE = { success: false, error: "Not now", retcode: null, request_id: "abc" };
const READY = { success: true, data: { status: "ok", version: "1" } };

/** A client whose server gives these answers, and what was sent to it. */
function answering(answers: readonly (() => Response)[], options: TradynClientOptions = {}) {
  const sent: Request[] = [];
  const fetch = (request: Request): Promise<Response> => {
    const answer = answers[Math.min(sent.length, answers.length - 1)];
    sent.push(request.clone());
    if (answer === undefined) throw new Error("No answer is ready");
    return Promise.resolve(answer());
  };
  const retry = { backoffMs: 0 };
  return { tradyn: createTradynClient({ baseUrl: BASE_URL, apiKey: KEY, retry, fetch, ...options }), sent };
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (): Response =>
    Response.json(body, { status, headers });
const failure = (status: number, code: string): (() => Response) => json(status, { ...FAILURE, code });

async function thrown(promise: Promise<unknown>): Promise<TradynError> {
  const error: unknown = await promise.then(
    () => assert.fail("It should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TradynError, inspect(error));
  return error;
}

describe("errors", () => {
  test("there is one class for each code, in its family", () => {
    assert.equal(Object.keys(tradynClient.ERROR_CLASSES).length, 36);
    for (const [code, Class] of Object.entries(tradynClient.ERROR_CLASSES)) {
      const name = code.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
      assert.equal(Class.name, name);
      assert.equal((tradynClient as Record<string, unknown>)[name], Class);
      const error = new Class("Why");
      assert.ok(error instanceof TradynError && error instanceof Error);
      assert.equal(String(error), `${name}: Why`);
      assert.match(error.stack ?? "", new RegExp(`^${name}: Why\n`));
    }
    assert.ok(new tradynClient.InsufficientMargin("") instanceof Refused);
    assert.ok(new tradynClient.InsufficientScope("") instanceof Denied);
    assert.ok(new tradynClient.NotConnected("") instanceof Failed);
    assert.ok(!(new tradynClient.InvalidRequest("") instanceof Refused));
  });

  test("they carry everything the answer says", async () => {
    const details = [{ at: "body.volume", problem: "must be greater than 0" }];
    const body = { ...FAILURE, code: "INVALID_REQUEST", retcode: 10013, details };
    const { tradyn } = answering([json(400, body)]);
    const error = await thrown(tradyn.POST("/api/trade", TRADE));
    assert.ok(error instanceof tradynClient.InvalidRequest);
    const { message, code, retcode, status, requestId, retryAfter, attempts, isInDoubt } = error;
    assert.deepEqual(
      { message, code, retcode, status, requestId, retryAfter, attempts, isInDoubt },
      {
        message: "Not now",
        code: "INVALID_REQUEST",
        retcode: 10013,
        status: 400,
        requestId: "abc",
        retryAfter: null,
        attempts: 1,
        isInDoubt: false,
      },
    );
    assert.deepEqual(error.details, details);
  });

  test("one of the rate limit says how long to wait", async () => {
    const body = { ...FAILURE, code: "RATE_LIMITED", retcode: 10024 };
    const { tradyn, sent } = answering([json(429, body, { "Retry-After": "60" })]);
    const error = await thrown(tradyn.GET("/api/account"));
    assert.ok(error instanceof RateLimited);
    assert.deepEqual([error.retryAfter, sent.length], [60, 1]);
    const dated = answering([json(429, body, { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" })]);
    assert.equal((await thrown(dated.tradyn.GET("/api/account"))).retryAfter, null);
  });

  const strange: (() => Response)[] = [
    () => new Response("<h1>Welcome</h1>"),
    () => new Response(null, { status: 204 }),
    () => new Response("", { headers: { "Content-Length": "0" } }),
    json(200, [1]),
    json(200, null),
    json(200, { success: true }),
    json(200, { success: false, data: 1 }),
    json(400, { success: false }),
    json(400, 7),
    json(404, { ...FAILURE, code: 7 }),
    json(201, READY),
  ];
  for (const [number, answer] of strange.entries()) {
    test(`an answer of another shape is unexpected: ${answer().status} ${number}`, async () => {
      const { tradyn } = answering([answer]);
      const error = await thrown(tradyn.GET("/health/live"));
      assert.ok(error instanceof UnexpectedAnswer);
      assert.equal(error.status, answer().status);
      assert.match(error.message, /^GET http:\/\/broker\.test\/v1\/health\/live was answered \d\d\d with "/);
      assert.equal(error.attempts, 1);
    });
  }

  for (const status of [429, 500, 502, 503, 504]) {
    test(`a gateway that answers ${status} is a server that does`, async () => {
      const { tradyn } = answering([() => new Response("<h1>Sorry</h1>", { status })]);
      const error = await thrown(tradyn.GET("/health/live"));
      assert.ok(error instanceof (status === 429 ? RateLimited : Failed) && error instanceof Temporary);
      assert.deepEqual([error.status, error.code, error.attempts], [status, null, 5]);
      assert.match(error.message, /was answered \d\d\d with "<h1>Sorry<\/h1>"$/);
    });
  }

  test("of a long foreign answer only the beginning is shown", async () => {
    const { tradyn } = answering([() => new Response("x".repeat(10_000))]);
    assert.ok((await thrown(tradyn.GET("/health/live"))).message.length < 300);
  });

  test("an unknown code is unexpected but said", async () => {
    const error = await thrown(answering([failure(418, "TEAPOT")]).tradyn.GET("/health/live"));
    assert.ok(error instanceof UnexpectedAnswer);
    assert.deepEqual([error.code, error.status, error.message], [null, 418, "Not now (TEAPOT)"]);
    const inherited = await thrown(answering([failure(400, "toString")]).tradyn.GET("/health/live"));
    assert.ok(inherited instanceof UnexpectedAnswer);
  });

  test("mistakes of the program are not dressed up as the server's", async () => {
    const { tradyn, sent } = answering([json(200, READY)], { baseUrl: "nowhere" });
    await assert.rejects(tradyn.GET("/health/live"), (error) => !(error instanceof TradynError));
    assert.equal(sent.length, 0);
  });
});

describe("client_order_id", () => {
  const OPERATIONS = [
    ["POST", "/api/trade", TRADE],
    ["POST", "/api/orders", { body: { symbol: "EURUSD", type: 2, volume: 0.1, price: 1 } }],
    ["POST", "/api/trade/close-all", {}],
    ["POST", "/api/trade/close-all", { body: { type: "buy" } }],
    ["POST", "/api/positions/{ticket}/close-by", { params: { path: { ticket: 1 } }, body: { opposite: 2 } }],
    ["POST", "/api/accounts/{login}/balance", { params: { path: { login: 1 } }, body: { amount: 5 } }],
    ["DELETE", "/api/positions/{ticket}", { params: { path: { ticket: 1 } } }],
    ["DELETE", "/api/positions/{ticket}", { params: { path: { ticket: 1 }, query: { volume: 0.1 } } }],
  ] as const;
  type AnyCall = (path: string, init: object) => Promise<unknown>;

  async function idOf(request: Request | undefined): Promise<unknown> {
    assert.ok(request !== undefined);
    const inQuery = new URL(request.url).searchParams.get("client_order_id");
    if (inQuery !== null) return inQuery;
    const text = await request.clone().text();
    return text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>)["client_order_id"];
  }

  for (const [method, path, init] of OPERATIONS) {
    test(`${method} ${path} ${JSON.stringify(init)} gets one and keeps it over all attempts`, async () => {
      const { tradyn, sent } = answering([failure(500, "INTERNAL_ERROR")]);
      const before = structuredClone(init);
      const error = await thrown((tradyn[method] as AnyCall)(path, init));
      assert.ok(error instanceof InternalError);
      assert.match(
        String(error.clientOrderId),
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      );
      assert.deepEqual([sent.length, error.attempts, error.isInDoubt], [5, 5, true]);
      for (const each of sent) assert.equal(await idOf(each), error.clientOrderId);
      assert.deepEqual(init, before, "what the user handed over is the user's");
    });

    test(`${method} ${path} ${JSON.stringify(init)} is not repeated without one`, async () => {
      const { tradyn, sent } = answering([failure(503, "NOT_CONNECTED")], { clientOrderId: false });
      const error = await thrown((tradyn[method] as AnyCall)(path, init));
      assert.deepEqual([sent.length, error.clientOrderId, await idOf(sent[0])], [1, null, undefined]);
    });
  }

  test("the user's own is kept, and found without the client making any", async () => {
    for (const clientOrderId of [undefined, false] as const) {
      const { tradyn, sent } = answering([failure(500, "INTERNAL_ERROR")], { clientOrderId });
      const error = await thrown(
        tradyn.POST("/api/trade", { body: { ...TRADE.body, client_order_id: "mine" } }),
      );
      assert.deepEqual([sent.length, error.clientOrderId], [5, "mine"]);
      for (const each of sent) assert.equal(await idOf(each), "mine");
    }
  });

  test("the user may say how one is made", async () => {
    let number = 0;
    const { tradyn } = answering([failure(400, "REQUOTE")], { clientOrderId: () => `bot-${(number += 1)}` });
    assert.equal((await thrown(tradyn.POST("/api/trade", TRADE))).clientOrderId, "bot-1");
    assert.equal((await thrown(tradyn.POST("/api/trade", TRADE))).clientOrderId, "bot-2");
  });

  test("a preview changes nothing: it needs none and is repeated", async () => {
    const { tradyn, sent } = answering([failure(500, "INTERNAL_ERROR")]);
    const error = await thrown(tradyn.POST("/api/trade/preview", TRADE));
    assert.deepEqual([sent.length, error.clientOrderId, error.isInDoubt], [5, null, false]);
    assert.equal(await idOf(sent[0]), undefined);
  });

  const DANGEROUS = [
    ["POST", "/api/keys", { body: { scope: "read" } }],
    ["POST", "/api/keys/{key_id}/rotate", { params: { path: { key_id: "a" } } }],
    ["DELETE", "/api/keys/{key_id}", { params: { path: { key_id: "a" } } }],
    ["POST", "/api/accounts", { body: {} }],
    ["POST", "/api/accounts/{login}/reset", { params: { path: { login: 1 } } }],
    ["PATCH", "/api/positions/{ticket}", { params: { path: { ticket: 1 } }, body: { sl: 1 } }],
    ["PATCH", "/api/orders/{ticket}", { params: { path: { ticket: 1 } }, body: { sl: 1 } }],
    ["DELETE", "/api/orders/{ticket}", { params: { path: { ticket: 1 } } }],
    ["PATCH", "/api/simulation/clock", { body: { speed: 2 } }],
    ["POST", "/api/simulation/clock/advance", { body: { seconds: 1 } }],
    ["POST", "/api/simulation/quotes", { body: { quotes: [] } }],
    ["PUT", "/api/simulation/faults", { body: {} }],
  ] as const;
  for (const [method, path, init] of DANGEROUS) {
    test(`${method} ${path} takes none and is sent once, unless it was not let in at all`, async () => {
      for (const [status, code] of [
        [500, "INTERNAL_ERROR"],
        [503, "NOT_CONNECTED"],
      ] as const) {
        const { tradyn, sent } = answering([failure(status, code)]);
        const error = await thrown((tradyn[method] as AnyCall)(path, init));
        assert.deepEqual([sent.length, error.clientOrderId, error.isInDoubt], [1, null, true]);
      }
      const broken = () => Promise.reject(new TypeError("fetch failed"));
      const { tradyn } = answering([], { fetch: broken });
      assert.equal((await thrown((tradyn[method] as AnyCall)(path, init))).attempts, 1);
      const busy = answering([failure(429, "RATE_LIMITED"), json(200, READY)]);
      await (busy.tradyn[method] as AnyCall)(path, init);
      assert.equal(busy.sent.length, 2);
    });
  }
});

/** A server that answers so, until the end of the function. */
async function withServer(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("no answer", () => {
  test("a connection that breaks in the middle of the answer", async () => {
    let requests = 0;
    const listener: RequestListener = (_, response) => {
      requests += 1;
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"success": true, "data":', () => response.destroy());
    };
    await withServer(listener, async (baseUrl) => {
      const tradyn = createTradynClient({ baseUrl, retry: { attempts: 3, backoffMs: 0 } });
      const error = await thrown(tradyn.POST("/api/trade", TRADE));
      assert.ok(error instanceof NoAnswer);
      assert.deepEqual([requests, error.attempts, error.status, error.code], [3, 3, 0, null]);
      assert.ok(error.cause instanceof Error);
      assert.equal(
        error.message.replace(/\(.*\)/, "(why)"),
        `No answer to POST ${baseUrl}/api/trade (why); to be sure of the outcome, send it again ` +
          `with client_order_id ${error.clientOrderId}`,
      );
    });
  });

  test("no server", async () => {
    let address = "";
    await withServer(
      () => undefined,
      (url) => ((address = url), Promise.resolve()),
    );
    const tradyn = createTradynClient({ baseUrl: address, retry: { attempts: 1 } });
    const error = await thrown(tradyn.GET("/api/account"));
    assert.ok(error instanceof NoAnswer);
    const port = new URL(address).port;
    assert.equal(
      error.message,
      `No answer to GET ${address}/api/account (connect ECONNREFUSED 127.0.0.1:${port})`,
    );
    const key = { scope: "read" } as const;
    const told: number[] = [];
    const patient = createTradynClient({
      baseUrl: address,
      retry: { attempts: 3, backoffMs: 0 },
      onRetry: ({ attempt }) => told.push(attempt),
    });
    const unsent = await thrown(patient.POST("/api/keys", { body: key }));
    assert.deepEqual([told, unsent.attempts, unsent.isInDoubt], [[1, 2], 3, false]);
  });

  test("no answer in time, not even the end of one", async () => {
    for (const listener of [
      () => undefined,
      (_, response) => void response.writeHead(200).write("{"),
    ] satisfies RequestListener[]) {
      await withServer(listener, async (baseUrl) => {
        const tradyn = createTradynClient({ baseUrl, timeoutMs: 20, retry: { attempts: 2, backoffMs: 0 } });
        const error = await thrown(tradyn.GET("/api/account"));
        assert.ok(error instanceof NoAnswer);
        assert.equal(error.message, `No answer to GET ${baseUrl}/api/account within 0.02 s`);
        assert.equal(error.attempts, 2);
        const own = await thrown(tradyn.GET("/api/account", { timeoutMs: 10 }));
        assert.match(own.message, /within 0\.01 s$/);
      });
    }
  });

  test("a client may wait for ever", async () => {
    const { tradyn } = answering([json(200, READY)], { timeoutMs: Infinity });
    assert.equal((await tradyn.GET("/health/live")).status, "ok");
  });
});

describe("the user's signal", () => {
  test("ends a request with its own reason, and no further attempt follows", async () => {
    let requests = 0;
    const controller = new AbortController();
    const reason = new Error("The user went home");
    const listener: RequestListener = () => {
      requests += 1;
      controller.abort(reason);
    };
    await withServer(listener, async (baseUrl) => {
      const tradyn = createTradynClient({ baseUrl });
      await assert.rejects(tradyn.GET("/api/account", { signal: controller.signal }), reason);
      await assert.rejects(tradyn.GET("/api/account", { signal: controller.signal }), reason);
    });
    assert.equal(requests, 1);
  });

  test("ends with its own reason what is sent only once, too", async () => {
    const controller = new AbortController();
    const reason = new Error("The user went home");
    await withServer(
      () => controller.abort(reason),
      async (baseUrl) => {
        const init = { params: { path: { ticket: 2 } }, body: { sl: 1 }, signal: controller.signal };
        await assert.rejects(createTradynClient({ baseUrl }).PATCH("/api/positions/{ticket}", init), reason);
      },
    );
  });

  test("ends a wait", async () => {
    const controller = new AbortController();
    const reason = new Error("The user went home");
    const { tradyn, sent } = answering(
      [json(429, { ...FAILURE, code: "RATE_LIMITED" }, { "Retry-After": "20" })],
      {
        onRetry: () => controller.abort(reason),
      },
    );
    await assert.rejects(tradyn.GET("/api/account", { signal: controller.signal }), reason);
    assert.equal(sent.length, 1);
  });
});

describe("what is sent", () => {
  test("the key, the user's headers, and no content type without a body", async () => {
    const { tradyn, sent } = answering([json(200, READY)], { headers: { "X-One": "1" } });
    await tradyn.GET("/health/live", { headers: { "X-Request-Id": "mine" } });
    const headers = sent[0]?.headers;
    assert.equal(headers?.get("Authorization"), `Bearer ${KEY}`);
    assert.deepEqual(
      [headers.get("X-One"), headers.get("X-Request-Id"), headers.get("Content-Type")],
      ["1", "mine", null],
    );
    await tradyn.POST("/api/trade", TRADE);
    assert.equal(sent[1]?.headers.get("Content-Type"), "application/json");
  });

  test("names in a path are quoted", async () => {
    const { tradyn, sent } = answering([json(200, READY)]);
    await tradyn.GET("/api/quotes/{symbol}", { params: { path: { symbol: "a/b c#d$&" } } });
    assert.equal(sent[0]?.url, `${BASE_URL}/api/quotes/a%2Fb%20c%23d%24%26`);
  });

  test("null and absent differ", async () => {
    const { tradyn, sent } = answering([json(200, READY)]);
    await tradyn.PATCH("/api/positions/{ticket}", { params: { path: { ticket: 2 } }, body: { sl: null } });
    assert.equal(await sent[0]?.text(), '{"sl":null}');
  });
});

describe("the client", () => {
  test("takes address and key from the environment, where there is one", async () => {
    const names = ["TRADYN_API_KEY", "TRADYN_BASE_URL"];
    const saved = names.map((name) => process.env[name]);
    try {
      for (const name of names) process.env[name] = "";
      assert.equal(createTradynClient().baseUrl, tradynClient.DEFAULT_BASE_URL);
      process.env["TRADYN_API_KEY"] = KEY;
      process.env["TRADYN_BASE_URL"] = "http://elsewhere.test/v1/";
      const { tradyn, sent } = answering([json(200, READY)], { apiKey: undefined, baseUrl: undefined });
      await tradyn.GET("/health/live");
      assert.equal(sent[0]?.url, "http://elsewhere.test/v1/health/live");
      assert.equal(sent[0].headers.get("Authorization"), `Bearer ${KEY}`);
      assert.equal(createTradynClient({ baseUrl: BASE_URL }).baseUrl, BASE_URL);
    } finally {
      names.forEach((name, index) => {
        const value = saved[index];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      });
    }
  });

  test("works where there is no process", async () => {
    const saved = globalThis.process;
    try {
      Reflect.deleteProperty(globalThis, "process");
      const fetch = (): Promise<Response> => Promise.resolve(Response.json(READY));
      const tradyn = createTradynClient({ fetch });
      assert.equal(tradyn.baseUrl, tradynClient.DEFAULT_BASE_URL);
      assert.deepEqual(await tradyn.GET("/health/live"), READY.data);
    } finally {
      globalThis.process = saved;
    }
  });

  test("makes an id where there is no randomUUID, as on a page from another machine", async () => {
    const saved = Object.getOwnPropertyDescriptor(crypto, "randomUUID");
    try {
      Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
      const { tradyn } = answering([failure(400, "REQUOTE")]);
      assert.match(String((await thrown(tradyn.POST("/api/trade", TRADE))).clientOrderId), /^[0-9a-f]{32}$/);
    } finally {
      if (saved === undefined) Reflect.deleteProperty(crypto, "randomUUID");
      else Object.defineProperty(crypto, "randomUUID", saved);
    }
  });

  test("never shows its key", async () => {
    const broken = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"));
    const { tradyn } = answering([], { fetch: broken, retry: { attempts: 1 } });
    const error = await thrown(tradyn.POST("/api/trade", TRADE));
    const options = { depth: Infinity, showHidden: true };
    const shown = [
      inspect(tradyn),
      inspect(tradyn, options),
      inspect({ tradyn }),
      JSON.stringify(tradyn),
      String(tradyn),
    ];
    for (const text of [...shown, inspect(error, options), JSON.stringify(error), error.stack ?? ""]) {
      assert.ok(!text.includes(KEY), text);
    }
    assert.equal(inspect(tradyn), `TradynClient { baseUrl: "${BASE_URL}" }`);
    assert.equal(JSON.stringify(tradyn), `{"baseUrl":"${BASE_URL}"}`);
    assert.throws(
      () => createTradynClient({ apiKey: `${KEY}\n` }),
      (mistake: Error) => mistake instanceof TypeError && !mistake.message.includes(KEY),
    );
  });

  test("its methods may be taken off it", async () => {
    const { GET, pages } = answering([json(200, { success: true, data: [1, 2], next_cursor: null })]).tradyn;
    assert.deepEqual(await GET("/api/orders"), { data: [1, 2], next_cursor: null });
    const entries: unknown[] = [];
    for await (const entry of pages("/api/orders")) entries.push(entry);
    assert.deepEqual(entries, [1, 2]);
  });

  test("pages are asked for when they are needed, with the parameters of the first", async () => {
    const pages = [["a", "b"], ["c"], []].map((data, index) =>
      json(200, { success: true, data, next_cursor: index < 2 ? `cursor${index}` : null }),
    );
    const { tradyn, sent } = answering(pages);
    const query = { symbol: "EURUSD", limit: 2, order: "desc" } as const;
    const sentAfter: number[] = [];
    for await (const entry of tradyn.pages("/api/account/history", { params: { query } })) {
      assert.ok(entry);
      sentAfter.push(sent.length);
    }
    assert.deepEqual([sentAfter, sent.length], [[1, 1, 2], 3]);
    const searches = sent.map((each) => new URL(each.url).search);
    const first = "?symbol=EURUSD&limit=2&order=desc";
    assert.deepEqual(searches, [first, `${first}&cursor=cursor0`, `${first}&cursor=cursor1`]);
  });
});
