import type { ErrorCode, ErrorDetail } from "./generated/models.ts";
import type { RetryPolicy } from "./retry.ts";

/** What is known of a failure besides its message. */
export interface ErrorFacts {
  readonly code?: ErrorCode | null;
  readonly retcode?: number | null;
  readonly status?: number;
  readonly requestId?: string | null;
  readonly details?: readonly ErrorDetail[];
  readonly retryAfter?: number | null;
  readonly clientOrderId?: string | null;
  /** There was not even a connection. */
  readonly isUnsent?: boolean;
  readonly cause?: unknown;
}

/**
 * A request that was not a success. There is a subclass for each `code` of the API; the families
 * {@link Refused}, {@link Denied} and {@link Failed} gather those that are handled alike.
 *
 * @example
 * ```ts
 * try {
 *   await tradyn.POST("/api/trade", { body: { symbol: "EURUSD", action: "buy", volume: 50 } });
 * } catch (error) {
 *   if (error instanceof InsufficientMargin) console.log(error.message);
 *   else if (error instanceof Refused) console.log(`Refused: ${error.message} (${error.code})`);
 *   else throw error;
 * }
 * ```
 */
export class TradynError extends Error {
  static {
    this.prototype.name = "TradynError";
  }

  /** The reason, for programs; null when the answer names none that the contract knows. */
  readonly code: ErrorCode | null;
  /** MetaTrader 5's return code, where there is one. */
  readonly retcode: number | null;
  /** HTTP status of the answer; 0 when there was none. */
  readonly status: number;
  /** Finds the request in the server's log. */
  readonly requestId: string | null;
  /** Of a malformed request, each problem and its place. */
  readonly details: readonly ErrorDetail[];
  /** Seconds to wait before the next request, if the server said so. */
  readonly retryAfter: number | null;
  /**
   * The `client_order_id` that was sent, yours or the one made for you. When the outcome is in doubt, send
   * the same request with it again: what was done is not done twice, and the answer is the first outcome.
   */
  readonly clientOrderId: string | null;
  /** How often the request was sent. */
  attempts = 1;
  /**
   * Whether the request may have been carried out all the same: it could change something, and an attempt had
   * no answer that tells.
   */
  isInDoubt = false;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.code = facts.code ?? null;
    this.retcode = facts.retcode ?? null;
    this.status = facts.status ?? 0;
    this.requestId = facts.requestId ?? null;
    this.details = facts.details ?? [];
    this.retryAfter = facts.retryAfter ?? null;
    this.clientOrderId = facts.clientOrderId ?? null;
  }
}

/** The request is well-formed, and the broker does not do it (400). Nothing was done. */
export class Refused extends TradynError {
  static {
    this.prototype.name = "Refused";
  }
}

/** The key does not open this door (401, 403). */
export class Denied extends TradynError {
  static {
    this.prototype.name = "Denied";
  }
}

/**
 * The trouble is the network's or the server's, and may pass: send the same again later, with the same
 * `client_order_id`. The client has done so already, as often as its {@link RetryPolicy} says and where it was
 * safe.
 */
export class Temporary extends TradynError {
  static {
    this.prototype.name = "Temporary";
  }
}

/** The server could not do it (500, 503), or a gateway before it (502, 504). */
export class Failed extends Temporary {
  static {
    this.prototype.name = "Failed";
  }
}

/** There was no answer: no server, a broken connection, or none in time. `cause` is what the network said. */
export class NoAnswer extends Temporary {
  static {
    this.prototype.name = "NoAnswer";
  }

  /** Whether there was not even a connection, so that nothing was sent. */
  readonly isUnsent: boolean;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts);
    this.isUnsent = facts.isUnsent ?? false;
  }
}

/** An answer that the contract does not know: another program's, or a newer server's. */
export class UnexpectedAnswer extends TradynError {
  static {
    this.prototype.name = "UnexpectedAnswer";
  }
}
