import type { OperationTraits } from "./operation-traits.ts";

/** A name for a request that no other has: a random UUID. */
export function newClientOrderId(): string {
  // Browsers have randomUUID for pages from https and from localhost alone.
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) =>
    each.toString(16).padStart(2, "0"),
  ).join("");
}

interface Parts {
  params?: { path?: object; query?: object };
  body?: unknown;
}

/**
 * The request with a `client_order_id`, and the id: the user's own, else a new one.
 *
 * @param place Where the operation takes the id, if it does.
 * @param make Makes an id; without it only the user's own is found.
 */
export function withClientOrderId(
  parts: Parts,
  place: OperationTraits["clientOrderId"],
  make: (() => string) | undefined,
): { id: string | null; init: Parts } {
  if (place === undefined) return { id: null, init: parts };
  const there = (place === "body" ? parts.body : parts.params?.query) as
    { client_order_id?: string } | undefined;
  const id = there?.client_order_id ?? make?.() ?? null;
  if (id === null) return { id, init: parts };
  const named = { ...there, client_order_id: id };
  const init =
    place === "body" ? { ...parts, body: named } : { ...parts, params: { ...parts.params, query: named } };
  return { id, init };
}
