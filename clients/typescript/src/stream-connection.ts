import { isErrorCode } from "./answer.ts";
import { ERROR_CLASSES, RateLimited } from "./generated/errors.ts";
import type { ClosingEvent, ErrorEvent, StreamSubscribe, WelcomeEvent } from "./generated/models.ts";
import {
  CHANNEL_OF_EVENT,
  type StreamAnswer,
  type StreamEvent,
  type StreamRequest,
} from "./generated/stream.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { Denied, Failed, NoAnswer, TradynError, UnexpectedAnswer } from "./tradyn-error.ts";

/** As much of a WebSocket as is needed. */
export interface WebSocketLike {
  send(message: string): void;
  close(): void;
  // Each implementation has types of its own for the events: any fits them all.
  addEventListener(type: "open" | "message" | "close" | "error", listener: (event: any) => void): void;
}

/** Browsers' and Node's own `WebSocket`, and that of the package ws. */
export type WebSocketClass = new (url: string) => WebSocketLike;

/** Who has sent nothing for so many heartbeats is asked whether it is still there. */
const SILENT_HEARTBEATS = 2.5;
/** A subscription that came too fast is sent again after so long. */
const TOO_FAST_MS = 1_000;

/** Where to connect, and what for. */
export interface ConnectionSettings {
  readonly WebSocket: WebSocketClass;
  readonly url: string;
  readonly apiKey: string;
  /** Milliseconds to wait for the connection, and for a sign of life. */
  readonly timeoutMs: number;
  readonly subscriptions: Subscriptions;
  /** Takes each event; false ends the connection. */
  readonly take: (event: StreamEvent) => boolean;
  readonly onConnect: (welcome: WelcomeEvent) => void;
}

/** How a connection ended. */
export interface Ending {
  /** Why; whatever was thrown by `onConnect`. */
  readonly error: unknown;
  /** Whether another attempt would end the same way. */
  readonly isFinal: boolean;
  /** Whether the key was accepted. */
  readonly wasConnected: boolean;
  /** Whether everything was subscribed to. */
  readonly wasComplete: boolean;
}

/** One connection, from the handshake to its end. */
export class StreamConnection {
  /** Never rejects. */
  readonly ended: Promise<Ending>;

  readonly #settings: ConnectionSettings;
  readonly #requests: readonly StreamSubscribe[];
  readonly #unconfirmed: Set<string | undefined>;
  readonly #resending = new Set<ReturnType<typeof setTimeout>>();
  #socket: WebSocketLike | undefined;
  #resolve: ((ending: Ending) => void) | undefined;
  #isConnected = false;
  #heardMs = performance.now();
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#requests = settings.subscriptions.requests();
    this.#unconfirmed = new Set(this.#requests.map(({ id }) => id));
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    const { WebSocket, url, apiKey, timeoutMs } = settings;
    try {
      this.#socket = new WebSocket(url);
    } catch (error) {
      // An address that is none, or that the page may not connect to.
      this.end(error, true);
      return;
    }
    const lost = (reason: string): void =>
      this.end(
        new NoAnswer(`${this.#isConnected ? "Lost the connection" : "No connection"} to ${url}${reason}`),
      );
    this.#socket.addEventListener("open", () => this.#say({ op: "auth", key: apiKey }));
    this.#socket.addEventListener("message", ({ data }: { data: unknown }) => this.#guard(data));
    this.#socket.addEventListener("close", ({ code }: { code: number }) => lost(` (closed with ${code})`));
    this.#socket.addEventListener("error", ({ message }: { message?: string }) =>
      lost(message === undefined || message === "" ? "" : ` (${message})`),
    );
    if (timeoutMs !== Infinity)
      this.#watch = setTimeout(() => lost(` within ${timeoutMs / 1000} s`), timeoutMs);
  }

  /** Ends the connection, for this reason; nothing of it is heard any more. */
  end(error: unknown, isFinal = false): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    this.#resolve = undefined;
    clearTimeout(this.#watch);
    for (const timer of this.#resending) clearTimeout(timer);
    this.#socket?.close();
    const wasComplete = this.#isConnected && this.#unconfirmed.size === 0;
    resolve({ error, isFinal, wasConnected: this.#isConnected, wasComplete });
  }

  #say(request: StreamRequest): void {
    if (this.#resolve !== undefined) this.#socket?.send(JSON.stringify(request));
  }

  #guard(text: unknown): void {
    if (this.#resolve === undefined) return;
    this.#heardMs = performance.now();
    try {
      this.#hear(parse(text, this.#settings.url));
    } catch (error) {
      this.end(error, true);
    }
  }

  #hear(message: StreamEvent | StreamAnswer): void {
    const { subscriptions, take, onConnect } = this.#settings;
    switch (message.event) {
      case "welcome":
        clearTimeout(this.#watch);
        this.#isConnected = true;
        onConnect(message);
        for (const request of this.#requests) this.#say(request);
        if (message.heartbeat_seconds > 0)
          this.#watchSilence(message.heartbeat_seconds * SILENT_HEARTBEATS * 1000);
        return;
      case "subscribed":
        this.#unconfirmed.delete(message.id ?? undefined);
        subscriptions.confirm(message);
        return;
      case "error":
        this.#refused(message);
        return;
      case "closing": {
        const error = errorOf(message);
        this.end(error, error instanceof Denied);
        return;
      }
      case "unsubscribed":
      case "pong":
        return;
    }
    // What a newer server has more is passed over.
    if (!Object.hasOwn(CHANNEL_OF_EVENT, message.event)) return;
    if (subscriptions.accept(message) && !take(message))
      this.end(new TradynError("More events wait for the program than queueLimit allows"));
  }

  #refused(message: ErrorEvent): void {
    const error = errorOf(message);
    const request = this.#requests.find(({ id }) => id === message.id);
    if (error instanceof RateLimited && request !== undefined) {
      const timer = setTimeout(() => {
        this.#resending.delete(timer);
        this.#say(request);
      }, TOO_FAST_MS);
      this.#resending.add(timer);
      return;
    }
    this.end(error, !(error instanceof Failed || error instanceof RateLimited));
  }

  #watchSilence(longestMs: number): void {
    const silentMs = performance.now() - this.#heardMs;
    if (silentMs < longestMs) {
      this.#watch = setTimeout(() => this.#watchSilence(longestMs), longestMs - silentMs);
      return;
    }
    const { timeoutMs, url } = this.#settings;
    const askedMs = performance.now();
    this.#say({ op: "ping" });
    this.#watch = setTimeout(
      () => {
        if (this.#heardMs >= askedMs) this.#watchSilence(longestMs);
        else this.end(new NoAnswer(`Nothing more came from ${url}, not even an answer to a ping`));
      },
      Math.min(timeoutMs, longestMs),
    );
  }
}

function parse(text: unknown, url: string): StreamEvent | StreamAnswer {
  try {
    const message: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
    if (typeof message === "object" && message !== null && "event" in message)
      return message as StreamEvent | StreamAnswer;
  } catch {
    // Said below.
  }
  throw new UnexpectedAnswer(`What came from ${url} is no message of the stream`);
}

function errorOf({ code, error, ...more }: ErrorEvent | ClosingEvent): TradynError {
  const retcode = "retcode" in more ? more.retcode : null;
  if (!isErrorCode(code)) return new UnexpectedAnswer(`${error} (${String(code)})`, { retcode });
  return new ERROR_CLASSES[code](error, { code, retcode });
}
