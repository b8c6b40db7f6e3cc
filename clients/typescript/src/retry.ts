import { NoAnswer, Temporary, TradynError, UnexpectedAnswer } from "./tradyn-error.ts";

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

/** What a request does when it is carried out twice: nothing, the same as once, or twice as much. */
export type Effect = "none" | "once" | "each time";

/**
 * Attempts until one succeeds, waiting with exponential backoff and full jitter in between, and at least as
 * long as the server asks.
 *
 * @throws The error of the last attempt, which knows how many there were and whether all of them together
 * leave the outcome in doubt.
 */
export async function attemptRepeatedly<T>(
  attempt: () => Promise<T>,
  effect: Effect,
  policy: RetryPolicy,
  signal?: AbortSignal,
  onRetry?: (retry: Retry) => void,
  { now, random, sleep }: Surroundings = REAL,
): Promise<T> {
  const start = now();
  let isInDoubt = false;
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TradynError)) throw error;
      isInDoubt = effect !== "none" && (saysNothing(error) || (isInDoubt && !isOutcome(error)));
      Object.assign(error, { attempts: number, isInDoubt });
      if (number >= policy.attempts || !mayRepeat(error, effect)) throw error;
      const backoffMs = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** (number - 1));
      const waitMs = Math.round((error.retryAfter ?? 0) * 1000 + random() * backoffMs);
      if (now() - start + waitMs > policy.withinMs) throw error;
      onRetry?.({ error, attempt: number, waitMs });
      await sleep(waitMs, signal);
    }
  }
}

function mayRepeat(error: TradynError, effect: Effect): boolean {
  return error instanceof Temporary && (effect !== "each time" || !error.isInDoubt);
}

// Whether an answer leaves open if the request was carried out. With 429 nothing was done, whoever says so.
function saysNothing(error: TradynError): boolean {
  if (error instanceof NoAnswer) return !error.isUnsent;
  return error instanceof UnexpectedAnswer || error.status >= 500;
}

// Whether an answer tells what became of the attempts before it, too.
function isOutcome(error: TradynError): boolean {
  return error.status === 400 || error.status === 404;
}
