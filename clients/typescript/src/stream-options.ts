import type { Timeframe, WelcomeEvent } from "./generated/models.ts";
import type { ChannelEvents } from "./generated/stream.ts";
import type { RetryPolicy } from "./retry.ts";
import type { TradynError } from "./tradyn-error.ts";

/**
 * A channel of the account: true begins with all there is at present (not so `notifications`), and goes on
 * with what comes; `after` goes on after an event that was seen before, with nothing left out.
 */
export type NumberedSubscription =
  | boolean
  | {
      /** The `version` of the last event that was seen; 0 for everything from the first on. */
      readonly after: number;
    };

/** What to hear of. */
export interface StreamChannels {
  /** Quotes of these symbols; true: of all. */
  readonly ticks?: readonly string[] | boolean | undefined;
  /** Candles, forming and closed, of symbols in a timeframe. */
  readonly candles?:
    readonly { readonly symbols: readonly string[]; readonly timeframe: Timeframe }[] | undefined;
  /** Balance, equity and margin, as they change; at most ten times a second. */
  readonly account?: boolean | undefined;
  /** Each change of a position, after the positions that are open. */
  readonly positions?: NumberedSubscription | undefined;
  /** Each change of an order, after the orders that wait. */
  readonly orders?: NumberedSubscription | undefined;
  /** Each deal, after the last 100. */
  readonly deals?: NumberedSubscription | undefined;
  /** What a person would want to hear of. */
  readonly notifications?: NumberedSubscription | undefined;
}

/** A connection of the stream that was lost, or an attempt that failed; another follows. */
export interface Disconnect {
  /** What the connection or the attempt ended with. */
  readonly error: TradynError;
  /** Attempts that have failed in a row; 0 when a connection was lost. */
  readonly attempt: number;
  /** Milliseconds until the next attempt; null: as soon as the program has taken half of what waits for it. */
  readonly waitMs: number | null;
}

/** What to hear of, and how. */
export interface StreamOptions extends StreamChannels {
  /** Ends the stream: the iterator then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told of each connection, as soon as the server has accepted the key. */
  readonly onConnect?: ((welcome: WelcomeEvent) => void) | undefined;
  /** Is told of each connection that was lost and each attempt that failed. */
  readonly onDisconnect?: ((disconnect: Disconnect) => void) | undefined;
  /** What to change of {@link DEFAULT_RECONNECT}. The first connection is tried as a request is. */
  readonly reconnect?: Partial<RetryPolicy> | undefined;
  /**
   * How many events may wait for the program, besides the latest ticks, candles and summary: 10,000 by
   * default. At more the connection is closed, and made again when the program has taken half of them.
   */
  readonly queueLimit?: number | undefined;
}

/** Connect again without end. */
export const DEFAULT_RECONNECT: RetryPolicy = {
  attempts: Infinity,
  withinMs: Infinity,
  backoffMs: 250,
  maxBackoffMs: 8_000,
};

/** How many events may wait for the program, unless told otherwise. */
export const DEFAULT_QUEUE_LIMIT = 10_000;

/** The events of the channels that are asked for; with `after` no snapshot comes. */
export type StreamEventOf<C extends StreamChannels> = {
  [Name in keyof ChannelEvents & keyof C]: C[Name] extends false | undefined
    ? never
    : C[Name] extends { readonly after: number }
      ? Exclude<ChannelEvents[Name], { event: Name }>
      : ChannelEvents[Name];
}[keyof ChannelEvents & keyof C];

/** Refuses properties that are no options, such as those with a typing error. */
export type OnlyOptions<C> = StreamOptions & Record<Exclude<keyof C, keyof StreamOptions>, never>;
