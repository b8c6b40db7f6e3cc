import type { StreamSubscribe, SubscribedEvent } from "./generated/models.ts";
import { CHANNEL_OF_EVENT, type ChannelEvents, type StreamEvent } from "./generated/stream.ts";
import type { StreamChannels } from "./stream-options.ts";

/** So many names of symbols fit into one request of 16 KiB. */
const SYMBOLS_IN_ONE_REQUEST = 400;

const NUMBERED = ["positions", "orders", "deals", "notifications"] as const;

type Channel = keyof ChannelEvents;

/** What is asked of the server on each connection: on the numbered channels, to go on where they are. */
export class Subscriptions {
  readonly #marketData: readonly StreamSubscribe[];
  readonly #numbered: readonly Channel[];
  /** The last version of each channel that has begun. */
  readonly #versions = new Map<Channel, number>();

  constructor({ ticks = false, candles = [], account = false, ...numbered }: StreamChannels) {
    const asked: StreamSubscribe[] = [];
    if (ticks === true) asked.push({ op: "subscribe", channel: "ticks" });
    else if (ticks !== false) {
      for (const symbols of portions(ticks)) asked.push({ op: "subscribe", channel: "ticks", symbols });
    }
    for (const { symbols: all, timeframe } of candles) {
      for (const symbols of portions(all))
        asked.push({ op: "subscribe", channel: "candles", symbols, timeframe });
    }
    if (account) asked.push({ op: "subscribe", channel: "account" });
    this.#marketData = asked;
    this.#numbered = NUMBERED.filter((channel) => (numbered[channel] ?? false) !== false);
    for (const channel of NUMBERED) {
      const wanted = numbered[channel];
      if (typeof wanted === "object") this.#versions.set(channel, wanted.after);
    }
    if (asked.length + this.#numbered.length === 0) {
      throw new TypeError(
        'The stream needs something to hear of, such as { ticks: ["EURUSD"], deals: true }',
      );
    }
  }

  /** One request for each subscription; its id is its place in the list. */
  requests(): StreamSubscribe[] {
    const numbered = this.#numbered.map((channel): StreamSubscribe => {
      const after = this.#versions.get(channel);
      return { op: "subscribe", channel, ...(after === undefined ? {} : { after }) };
    });
    return [...this.#marketData, ...numbered].map((request, index) => ({ ...request, id: String(index) }));
  }

  /** The server has taken a subscription. */
  confirm({ channel, version }: SubscribedEvent): void {
    // The other numbered channels begin with their snapshot; without it they have not begun.
    if (channel === "notifications" && version !== null && !this.#versions.has(channel))
      this.#versions.set(channel, version);
  }

  /** Whether the event is new; what has been seen is not seen again. */
  accept(event: StreamEvent): boolean {
    if (!("version" in event) || event.version === null) return true;
    const channel = CHANNEL_OF_EVENT[event.event];
    const seen = this.#versions.get(channel);
    if (seen !== undefined && event.version <= seen) return false;
    this.#versions.set(channel, event.version);
    return true;
  }
}

function* portions(symbols: readonly string[]): Generator<string[]> {
  for (let start = 0; start < symbols.length; start += SYMBOLS_IN_ONE_REQUEST)
    yield symbols.slice(start, start + SYMBOLS_IN_ONE_REQUEST);
}
