// Generated from openapi/tradyn.yaml by scripts/generate.ts. Do not edit.

import type {
  AccountEvent,
  CandleEvent,
  ClosingEvent,
  DealEvent,
  DealsEvent,
  ErrorEvent,
  NotificationEvent,
  OrderEvent,
  OrdersEvent,
  PongEvent,
  PositionEvent,
  PositionsEvent,
  StreamAuth,
  StreamPing,
  StreamSubscribe,
  StreamUnsubscribe,
  SubscribedEvent,
  TickEvent,
  UnsubscribedEvent,
  WelcomeEvent,
} from "./models.ts";

/** Where the stream is, after the address of the API. */
export const STREAM_PATH = "/api/stream";

/** What comes on each channel of the stream. */
export interface ChannelEvents {
  ticks: TickEvent;
  candles: CandleEvent;
  account: AccountEvent;
  positions: PositionsEvent | PositionEvent;
  orders: OrdersEvent | OrderEvent;
  deals: DealsEvent | DealEvent;
  notifications: NotificationEvent;
}

/** What comes on the channels of the stream; `event` tells them apart. */
export type StreamEvent = ChannelEvents[keyof ChannelEvents];

/** What the server answers to requests on the stream, and says of the stream itself. */
export type StreamAnswer = WelcomeEvent | SubscribedEvent | UnsubscribedEvent | PongEvent | ErrorEvent | ClosingEvent;

/** What may be asked of the server on the stream. */
export type StreamRequest = StreamAuth | StreamSubscribe | StreamUnsubscribe | StreamPing;

/** On which channel each event comes. */
export const CHANNEL_OF_EVENT = {
  tick: "ticks",
  candle: "candles",
  account: "account",
  positions: "positions",
  position: "positions",
  orders: "orders",
  order: "orders",
  deals: "deals",
  deal: "deals",
  notification: "notifications",
} as const satisfies Record<StreamEvent["event"], keyof ChannelEvents>;
