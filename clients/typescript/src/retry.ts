import { NoAnswer, TradynError } from "./tradyn-error.ts";

/** How often and how long a request is tried. Durations are in milliseconds. */
export interface RetryPolicy {
  /** How often a request is sent at most, the first time included. 1 turns repeating off. */
  readonly attempts: number;
  /** No attempt begins later than this after the first one. */
  readonly withinMs: number;
  /** The longest wait before the second attempt; it doubles with each further one. */
  readonly backoffMs: number;
  /** The longest wait there is, unless the server asks for more. */
  readonly maxBackoffMs: number;
}

/** 5 attempts within 30 seconds. */
export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 5,
  withinMs: 30_000,
  backoffMs: 250,
  maxBackoffMs: 8_000,
};

/** A failed attempt that another will follow. */
export interface Retry {
  /** What the attempt ended with. */
  readonly error: TradynError;
  /** Number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly waitMs: number;
}

/** Time and chance. */
export interface Surroundings {
  /** Milliseconds, from any beginning. */
  now(): number;
  /** From 0 up to but not including 1. */
  random(): number;
  /** Resolves after so many milliseconds, or rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const REAL: Surroundings = {
  now: () => performance.now(),
  random: Math.random,
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        if (signal?.aborted === true) reject(signal.reason as Error);
        else resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal?.addEventListener("abort", wake);
      if (signal?.aborted === true) wake();
    }),
};

/**
 * Whether the same request may be sent again after this.
 *
 * @param isSafe Whether doing it twice is the same as doing it once.
 */
export function mayRepeat(error: TradynError, isSafe: boolean): boolean {
  // Beyond the rate limit nothing was done; after everything else it is not known.
  if (error.status === 429) return true;
  return isSafe && (error instanceof NoAnswer || error.status >= 500);
}

/**
 * Attempts until one succeeds, waiting with exponential backoff and full jitter in between, and at least as long as
 * the server asks.
 *
 * @throws The last attempt's error, with the number of attempts.
 */
export async function attemptRepeatedly<T>(
  attempt: () => Promise<T>,
  isSafe: boolean,
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  onRetry: ((retry: Retry) => void) | undefined,
  { now, random, sleep }: Surroundings = REAL,
): Promise<T> {
  const start = now();
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TradynError)) throw error;
      error.attempts = number;
      if (number >= policy.attempts || !mayRepeat(error, isSafe)) throw error;
      const backoff = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** (number - 1));
      const waitMs = (error.retryAfter ?? 0) * 1000 + random() * backoff;
      if (now() - start + waitMs > policy.withinMs) throw error;
      onRetry?.({ error, attempt: number, waitMs });
      await sleep(waitMs, signal);
    }
  }
}
