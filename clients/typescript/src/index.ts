/**
 * A typed client for Tradyn, the broker you run on your own machine. Begin with {@link createTradynClient}.
 *
 * @packageDocumentation
 */
export { createTradynClient, DEFAULT_TIMEOUT_MS, TradynClient, type TradynClientOptions } from "./client.ts";
export * from "./generated/errors.ts";
export * from "./generated/models.ts";
export { CONTRACT_VERSION, DEFAULT_BASE_URL } from "./generated/contract.ts";
export type { components, operations, paths } from "./generated/schema.ts";
export type { ChannelEvents, StreamAnswer, StreamEvent, StreamRequest } from "./generated/stream.ts";
export type {
  Entry,
  Init,
  InitArgument,
  Method,
  Page,
  PagedPath,
  Path,
  RequestOptions,
  Result,
} from "./operations.ts";
export { DEFAULT_RETRY, type Retry, type RetryPolicy } from "./retry.ts";
export type { WebSocketClass, WebSocketLike } from "./stream-connection.ts";
export {
  DEFAULT_QUEUE_LIMIT,
  DEFAULT_RECONNECT,
  type Disconnect,
  type NumberedSubscription,
  type OnlyOptions,
  type StreamChannels,
  type StreamEventOf,
  type StreamOptions,
} from "./stream-options.ts";
export { TradynStream } from "./stream.ts";
export {
  Denied,
  type ErrorFacts,
  Failed,
  NoAnswer,
  Refused,
  Temporary,
  TradynError,
  UnexpectedAnswer,
} from "./tradyn-error.ts";
