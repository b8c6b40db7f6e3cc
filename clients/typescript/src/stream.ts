import { EventQueue } from "./event-queue.ts";
import type { StreamEvent } from "./generated/stream.ts";
import { REAL, type RetryPolicy } from "./retry.ts";
import { type ConnectionSettings, type Ending, StreamConnection } from "./stream-connection.ts";
import { DEFAULT_QUEUE_LIMIT, DEFAULT_RECONNECT, type StreamOptions } from "./stream-options.ts";
import { Subscriptions } from "./subscriptions.ts";
import { TradynError } from "./tradyn-error.ts";

/** What the client gives to each of its streams. */
export type StreamSettings = Pick<ConnectionSettings, "WebSocket" | "url" | "apiKey" | "timeoutMs"> & {
  /** How the first connection is tried. */
  readonly retry: RetryPolicy;
};

interface Taker<E> {
  resolve(result: IteratorResult<E, undefined>): void;
  reject(error: unknown): void;
}

/** What a stream that was left ends with: nothing. */
const LEFT = Symbol("left");

/**
 * The events of a stream, as they come: to be gone through with `for await`, once. The connection is made
 * when the first event is asked for, and made again whenever it breaks; events with a `version` then go on
 * where they were, each once and in order. Leaving the loop closes it.
 */
export class TradynStream<E extends StreamEvent = StreamEvent> implements AsyncIterableIterator<
  E,
  undefined,
  void
> {
  readonly #settings: StreamSettings;
  readonly #options: StreamOptions;
  readonly #reconnect: RetryPolicy;
  readonly #queueLimit: number;
  readonly #subscriptions: Subscriptions;
  readonly #queue = new EventQueue();
  readonly #takers: Taker<E>[] = [];
  readonly #over = new AbortController();
  #hasBegun = false;
  /** How the stream ended, until the program has been told. */
  #failure: { readonly error: unknown } | undefined;
  /** Whether the connection was closed because too much waits. */
  #isBehind = false;
  #caughtUp: (() => void) | undefined;

  constructor(settings: StreamSettings, options: StreamOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#subscriptions = new Subscriptions(options);
    this.#queueLimit = options.queueLimit ?? DEFAULT_QUEUE_LIMIT;
    const { attempts, withinMs, backoffMs, maxBackoffMs } = options.reconnect ?? {};
    this.#reconnect = {
      attempts: attempts ?? DEFAULT_RECONNECT.attempts,
      withinMs: withinMs ?? DEFAULT_RECONNECT.withinMs,
      backoffMs: backoffMs ?? DEFAULT_RECONNECT.backoffMs,
      maxBackoffMs: maxBackoffMs ?? DEFAULT_RECONNECT.maxBackoffMs,
    };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next event. */
  next(): Promise<IteratorResult<E, undefined>> {
    this.#begin();
    return new Promise((resolve, reject) => {
      this.#takers.push({ resolve, reject });
      this.#serve();
    });
  }

  /** Ends the stream and closes its connection, also while an event is waited for. */
  return(): Promise<IteratorResult<E, undefined>> {
    this.#hasBegun = true;
    this.#stop(LEFT);
    return Promise.resolve({ done: true, value: undefined });
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { signal } = this.#options;
    const abort = (): void => this.#stop(signal?.reason);
    if (signal?.aborted === true) {
      abort();
      return;
    }
    signal?.addEventListener("abort", abort, { once: true, signal: this.#over.signal });
    this.#run().catch((error: unknown) => this.#end(error));
  }

  /** Ends at once: what waits is not wanted any more. */
  #stop(reason: unknown): void {
    if (this.#over.signal.aborted) {
      // It has ended already, and what is left of it is left.
      if (reason === LEFT) this.#failure = undefined;
    } else this.#end(reason);
    this.#queue.clear();
    this.#serve();
  }

  #end(error: unknown): void {
    if (this.#over.signal.aborted) return;
    if (error !== LEFT) this.#failure = { error };
    this.#over.abort(error);
    this.#serve();
  }

  #serve(): void {
    while (this.#takers.length > 0) {
      const event = this.#queue.take();
      if (event === undefined && !this.#over.signal.aborted) break;
      const taker = this.#takers.shift();
      if (event !== undefined) taker?.resolve({ done: false, value: event as E });
      else if (this.#failure === undefined) taker?.resolve({ done: true, value: undefined });
      else {
        taker?.reject(this.#failure.error);
        this.#failure = undefined;
      }
    }
    if (this.#queue.kept <= this.#queueLimit / 2) this.#caughtUp?.();
  }

  /** Connects again and again, until it is over or that is of no use; then it throws. */
  async #run(): Promise<never> {
    const { signal } = this.#over;
    let policy = this.#settings.retry;
    let attempt = 1;
    let beganMs = REAL.now();
    for (;;) {
      const { error, isFinal, wasConnected, wasComplete } = await this.#connect();
      signal.throwIfAborted();
      if (isFinal || !(error instanceof TradynError)) throw error;
      if (wasConnected) policy = this.#reconnect;
      if (wasComplete) [attempt, beganMs] = [0, REAL.now()];
      if (this.#isBehind) {
        this.#isBehind = false;
        this.#options.onDisconnect?.({ error, attempt, waitMs: null });
        await this.#catchUp(signal);
        continue;
      }
      error.attempts = attempt;
      if (attempt >= policy.attempts) throw error;
      const waitMs = Math.round(
        REAL.random() * Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** Math.max(0, attempt - 1)),
      );
      if (REAL.now() - beganMs + waitMs > policy.withinMs) throw error;
      this.#options.onDisconnect?.({ error, attempt, waitMs });
      await REAL.sleep(waitMs, signal);
      attempt += 1;
    }
  }

  async #connect(): Promise<Ending> {
    const { signal } = this.#over;
    const connection = new StreamConnection({
      ...this.#settings,
      subscriptions: this.#subscriptions,
      take: (event) => {
        this.#queue.push(event);
        this.#serve();
        this.#isBehind = this.#queue.kept > this.#queueLimit;
        return !this.#isBehind;
      },
      onConnect: (welcome) => this.#options.onConnect?.(welcome),
    });
    const close = (): void => connection.end(signal.reason);
    signal.addEventListener("abort", close);
    try {
      return await connection.ended;
    } finally {
      signal.removeEventListener("abort", close);
    }
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#caughtUp = resolve;
      // onDisconnect may have ended the stream.
      this.#serve();
    });
    this.#caughtUp = undefined;
    signal.throwIfAborted();
  }
}
