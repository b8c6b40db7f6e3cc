/** What the client must know of an operation before it may send a request twice. */
export interface OperationTraits {
  /** It changes nothing, although it is no GET. */
  readonly isRead?: true;
  /** Where the operation takes the `client_order_id` that makes a request safe to repeat. */
  readonly clientOrderId?: "body" | "query";
}
