// Generated from openapi/tradyn.yaml by scripts/generate.ts. Do not edit.

import type { OperationTraits } from "../operation-traits.ts";

/** Version of the contract that this client was made from. */
export const CONTRACT_VERSION = "1.1.0";

/** Where a server is, unless it was told to be elsewhere. */
export const DEFAULT_BASE_URL = "http://127.0.0.1:8080/v1";

/** The operations that are more than a plain request, by method and path. */
export const OPERATION_TRAITS: Readonly<Record<string, OperationTraits>> = {
  "DELETE /api/positions/{ticket}": { clientOrderId: "query" },
  "POST /api/orders": { clientOrderId: "body" },
  "POST /api/trade": { clientOrderId: "body" },
  "POST /api/trade/close-all": { clientOrderId: "body" },
  "POST /api/trade/preview": { isRead: true },
  "POST /api/positions/{ticket}/close-by": { clientOrderId: "body" },
  "POST /api/accounts/{login}/balance": { clientOrderId: "body" },
};
