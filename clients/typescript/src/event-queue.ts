import type { StreamEvent } from "./generated/stream.ts";

/**
 * Events on their way to the program, in the order in which they came.
 *
 * Ticks, candles and summaries of the account wait only in their latest version, at the place of the first;
 * so there are never more of them than symbols and timeframes. All else is kept, and counted.
 */
export class EventQueue {
  /** How many events wait that nothing may replace. */
  kept = 0;

  readonly #waiting = new Map<string | number, StreamEvent>();
  // An iterator of a Map goes on to what is added later, so that taking never searches from the beginning.
  #taking = this.#waiting.entries();
  #number = 0;

  push(event: StreamEvent): void {
    switch (event.event) {
      case "tick":
        this.#waiting.set(`tick ${event.data.symbol}`, event);
        break;
      case "candle": {
        const name = `candle ${event.symbol} ${event.timeframe}`;
        // So that no candle is still forming after it has closed.
        if (event.is_closed) this.#waiting.delete(name);
        this.#waiting.set(event.is_closed ? `${name} closed` : name, event);
        break;
      }
      case "account":
        this.#waiting.set("account", event);
        break;
      default:
        this.#waiting.set((this.#number += 1), event);
        this.kept += 1;
    }
  }

  /** The next event; undefined when there is none. */
  take(): StreamEvent | undefined {
    let next = this.#taking.next();
    if (next.done === true) {
      if (this.#waiting.size === 0) return undefined;
      this.#taking = this.#waiting.entries();
      next = this.#taking.next();
      if (next.done === true) return undefined;
    }
    const [name, event] = next.value;
    this.#waiting.delete(name);
    if (typeof name === "number") this.kept -= 1;
    return event;
  }

  clear(): void {
    this.#waiting.clear();
    this.kept = 0;
  }
}
