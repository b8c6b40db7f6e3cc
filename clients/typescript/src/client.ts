import createClient, { type Client } from "openapi-fetch";
import { open, receive } from "./answer.ts";
import { newClientOrderId, withClientOrderId } from "./client-order-id.ts";
import { fromEnvironment } from "./environment.ts";
import { DEFAULT_BASE_URL, OPERATION_TRAITS } from "./generated/contract.ts";
import { Unauthorized } from "./generated/errors.ts";
import type { paths } from "./generated/schema.ts";
import { STREAM_PATH } from "./generated/stream.ts";
import type { Entry, InitArgument, Method, Page, PagedPath, RequestOptions } from "./operations.ts";
import { attemptRepeatedly, DEFAULT_RETRY, type Retry, type RetryPolicy } from "./retry.ts";
import type { WebSocketClass } from "./stream-connection.ts";
import type { OnlyOptions, StreamEventOf, StreamOptions } from "./stream-options.ts";
import { TradynStream } from "./stream.ts";
import type { TradynError } from "./tradyn-error.ts";

/** Milliseconds to wait for an answer, unless told otherwise. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** Settings of a client; all may be left out. */
export interface TradynClientOptions {
  /** The API key. Without one it is taken from the environment variable `TRADYN_API_KEY`, if there is one. */
  apiKey?: string | undefined;
  /**
   * Address of the API. Without one it is taken from the environment variable `TRADYN_BASE_URL`; without that
   * it is `http://127.0.0.1:8080/v1`, a server on this machine.
   */
  baseUrl?: string | undefined;
  /** Milliseconds to wait for an answer, in each attempt: 10,000 by default. */
  timeoutMs?: number | undefined;
  /** What to change of {@link DEFAULT_RETRY}: `{ attempts: 1 }` never sends a request twice. */
  retry?: Partial<RetryPolicy> | undefined;
  /** Is told of every failed attempt that another will follow. */
  onRetry?: ((retry: Retry) => void) | undefined;
  /**
   * Makes the `client_order_id` of a request that could have one and has none: a random UUID by default. With
   * false none is made, and such a request is not repeated when its outcome is in doubt.
   */
  clientOrderId?: (() => string) | false | undefined;
  /** Headers of every request. */
  headers?: Record<string, string> | undefined;
  /** Sends the requests: `fetch` by default. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  /**
   * Carries the stream: the global `WebSocket` by default, which browsers have, and Node since version 22. For
   * older ones that of the package ws does.
   */
  WebSocket?: WebSocketClass | undefined;
}

/** The parameters and the body of a request, whichever it is. */
interface AnyInit extends RequestOptions {
  params?: { path?: object; query?: object };
  body?: unknown;
}

/** What openapi-fetch does, once the types of path and parameters have done their work. */
type AnyRequest = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

type Verb = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";

/**
 * A server, and the key to it; made by {@link createTradynClient}.
 *
 * Its methods are those of openapi-fetch, named after HTTP's; each takes a path of the contract. They return
 * what the envelope holds, and throw a {@link TradynError} when the answer is no success.
 */
export class TradynClient {
  /** Address of the API. */
  readonly baseUrl: string;
  /**
   * The openapi-fetch client underneath, with address and key. It sends each request once, waits for ever,
   * throws no {@link TradynError} and returns `{ data, error, response }`, with the envelope and the headers
   * of the answer.
   *
   * @example
   * ```ts
   * const { response } = await tradyn.raw.GET("/api/account");
   * console.log(response.headers.get("RateLimit"));
   * ```
   */
  readonly raw: Client<paths, "application/json">;

  readonly #key: string | undefined;
  readonly #options: TradynClientOptions;
  readonly #retry: RetryPolicy;
  readonly #send: (request: Request) => Promise<Response>;

  constructor(options: TradynClientOptions = {}) {
    const key = options.apiKey ?? fromEnvironment("TRADYN_API_KEY");
    if (key !== undefined && !/^[!-~]+$/.test(key)) {
      // Whatever it is, it may be secret: the key itself is not shown.
      throw new TypeError("The API key must be printable ASCII without spaces, as the server showed it");
    }
    this.baseUrl = options.baseUrl ?? fromEnvironment("TRADYN_BASE_URL") ?? DEFAULT_BASE_URL;
    this.#key = key;
    this.#options = options;
    const { attempts, withinMs, backoffMs, maxBackoffMs } = options.retry ?? {};
    this.#retry = {
      attempts: attempts ?? DEFAULT_RETRY.attempts,
      withinMs: withinMs ?? DEFAULT_RETRY.withinMs,
      backoffMs: backoffMs ?? DEFAULT_RETRY.backoffMs,
      maxBackoffMs: maxBackoffMs ?? DEFAULT_RETRY.maxBackoffMs,
    };
    this.#send = options.fetch ?? ((request) => fetch(request));
    this.raw = createClient<paths, "application/json">({
      baseUrl: this.baseUrl,
      fetch: this.#send,
      headers: { ...options.headers, ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }) },
    });
  }

  /**
   * Reads.
   *
   * @example
   * ```ts
   * const quote = await tradyn.GET("/api/quotes/{symbol}", { params: { path: { symbol: "EURUSD" } } });
   * console.log(quote.bid, quote.ask);
   * ```
   */
  readonly GET: Method<"get"> = (path, ...init) => this.#call("GET", path, init);

  /**
   * Trades, places an order, opens an account.
   *
   * @example
   * ```ts
   * const order = { symbol: "EURUSD", action: "buy", volume: 0.1 } as const;
   * const filled = await tradyn.POST("/api/trade", { body: order });
   * console.log(filled.ticket, filled.price);
   * ```
   */
  readonly POST: Method<"post"> = (path, ...init) => this.#call("POST", path, init);

  /** Replaces: the faults of the simulation. */
  readonly PUT: Method<"put"> = (path, ...init) => this.#call("PUT", path, init);

  /**
   * Changes. What is absent stays as it is; null clears it.
   *
   * @example
   * ```ts
   * const params = { path: { ticket } };
   * await tradyn.PATCH("/api/positions/{ticket}", { params, body: { sl: 1.08, tp: null } });
   * ```
   */
  readonly PATCH: Method<"patch"> = (path, ...init) => this.#call("PATCH", path, init);

  /**
   * Closes a position, cancels an order, revokes a key.
   *
   * @example
   * ```ts
   * const half = { path: { ticket }, query: { volume: 0.05 } };
   * const closed = await tradyn.DELETE("/api/positions/{ticket}", { params: half });
   * console.log(closed.profit, closed.volume_remaining);
   * ```
   */
  readonly DELETE: Method<"delete"> = (path, ...init) => this.#call("DELETE", path, init);

  /**
   * The entries of a list that comes in pages, one after the other; the next page is asked for when it is
   * needed.
   *
   * @example
   * ```ts
   * for await (const deal of tradyn.pages("/api/account/history", { params: { query: { limit: 1000 } } })) {
   *   console.log(deal.time, deal.type, deal.profit);
   * }
   * ```
   */
  readonly pages = <P extends PagedPath>(
    path: P,
    ...init: InitArgument<P, "get">
  ): AsyncGenerator<Entry<P>, void> => this.#pages(path, init[0] ?? {});

  /**
   * What happens, as it happens: ticks, candles, and what becomes of the account, over a WebSocket that is
   * connected again whenever it breaks. Events that have a `version` come each once and in order.
   *
   * @example
   * ```ts
   * const stream = tradyn.stream({ ticks: ["EURUSD"], deals: true });
   * for await (const event of stream) {
   *   if (event.event === "tick") console.log(event.data.bid, event.data.ask);
   *   else if (event.event === "deal") console.log(event.version, event.data.profit);
   * }
   * ```
   *
   * @throws {@link TradynError} from the iterator, when connecting again is of no use: a key that is refused,
   * a symbol that there is not.
   * @throws {@link Unauthorized} at once, when the client has no key.
   */
  readonly stream = <const C extends StreamOptions>(
    options: C & OnlyOptions<C>,
  ): TradynStream<StreamEventOf<C>> => {
    if (this.#key === undefined) {
      throw new Unauthorized("The stream needs an API key: the option apiKey, or TRADYN_API_KEY", {
        code: "UNAUTHORIZED",
      });
    }
    const { WebSocket } = globalThis as { WebSocket?: WebSocketClass };
    const carrier = this.#options.WebSocket ?? WebSocket;
    if (carrier === undefined) {
      throw new TypeError(
        "There is no WebSocket here: pass one, as createTradynClient({ WebSocket }), with that of the package ws",
      );
    }
    const settings = {
      WebSocket: carrier,
      url: webSocketUrl(this.baseUrl),
      apiKey: this.#key,
      timeoutMs: this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      retry: this.#retry,
    };
    return new TradynStream(settings, options);
  };

  async *#pages<T>(path: string, given: AnyInit): AsyncGenerator<T, void> {
    let query: object = { ...given.params?.query };
    for (;;) {
      const page: Page<T> = await this.#call("GET", path, [{ ...given, params: { ...given.params, query } }]);
      yield* page.data;
      if (page.next_cursor === null) return;
      query = { ...query, cursor: page.next_cursor };
    }
  }

  async #call<T>(verb: Verb, path: string, [given = {}]: readonly (AnyInit | undefined)[]): Promise<T> {
    const { signal, headers, timeoutMs = this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS, ...parts } = given;
    const traits = OPERATION_TRAITS[`${verb} ${path}`];
    const make = this.#options.clientOrderId ?? newClientOrderId;
    const { id, init } = withClientOrderId(parts, traits?.clientOrderId, make === false ? undefined : make);
    const effect = verb === "GET" || traits?.isRead === true ? "none" : id !== null ? "once" : "each time";
    const fetch = (request: Request): Promise<Response> => receive(request, this.#send, timeoutMs, id);
    const request = this.raw.request as AnyRequest;
    const attempt = async (): Promise<T> => {
      const { data, error, response } = await request(verb, path, {
        ...init,
        signal,
        headers,
        fetch,
        parseAs: "text",
      });
      const envelope = open(response, data ?? error ?? "", `${verb} ${this.baseUrl}${path}`, id);
      const isPage = "next_cursor" in envelope;
      return (
        isPage ? { data: envelope["data"], next_cursor: envelope["next_cursor"] } : envelope["data"]
      ) as T;
    };
    return attemptRepeatedly(attempt, effect, this.#retry, signal, this.#options.onRetry);
  }

  /** What may be shown of a client: its address, never its key. */
  toJSON(): { baseUrl: string } {
    return { baseUrl: this.baseUrl };
  }

  /** What Node's `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `TradynClient { baseUrl: ${JSON.stringify(this.baseUrl)} }`;
  }
}

// In a browser the address may be relative to the page.
function webSocketUrl(baseUrl: string): string {
  const { location } = globalThis as { location?: { href: string } };
  const url = new URL(baseUrl.replace(/\/+$/, "") + STREAM_PATH, location?.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/**
 * A client for a server: types, retries and errors included.
 *
 * @example
 * ```ts
 * import { createTradynClient } from "tradyn-client";
 *
 * const tradyn = createTradynClient({ apiKey: "tk_live_…" }); // or TRADYN_API_KEY in the environment
 * const account = await tradyn.GET("/api/account");
 * console.log(account.balance, account.currency);
 * ```
 */
export function createTradynClient(options: TradynClientOptions = {}): TradynClient {
  return new TradynClient(options);
}
