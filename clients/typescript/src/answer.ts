import { ERROR_CLASSES } from "./generated/errors.ts";
import type { ErrorCode, ErrorDetail } from "./generated/models.ts";
import { type ErrorFacts, NoAnswer, type TradynError, UnexpectedAnswer } from "./tradyn-error.ts";

/** Longest part of a foreign answer that is worth showing. */
const SHOWN_CHARACTERS = 200;

interface Refusal {
  readonly success: false;
  readonly error: string;
  readonly code: string;
  readonly retcode: number | null;
  readonly request_id: string;
  readonly details?: readonly ErrorDetail[];
}

/**
 * Sends a request and takes in the whole answer, so that a connection that breaks on the way is noticed here.
 *
 * @param timeoutMs Milliseconds to wait for the end of the answer; Infinity waits for ever.
 * @throws {@link NoAnswer}
 */
export async function receive(
  request: Request,
  send: (request: Request) => Promise<Response>,
  timeoutMs: number,
  clientOrderId: string | null,
): Promise<Response> {
  const timeout = timeoutMs === Infinity ? undefined : AbortSignal.timeout(timeoutMs);
  const signal = timeout === undefined ? request.signal : AbortSignal.any([request.signal, timeout]);
  try {
    const answer = await send(new Request(request, { signal }));
    const body = await answer.arrayBuffer();
    const { status, statusText, headers } = answer;
    return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
  } catch (cause) {
    // What the user aborts ends as every aborted fetch does.
    request.signal.throwIfAborted();
    const reason = timeout?.aborted === true ? `within ${timeoutMs / 1000} s` : `(${networkReason(cause)})`;
    const remedy =
      clientOrderId === null
        ? ""
        : `; to be sure of the outcome, send it again with client_order_id ${clientOrderId}`;
    throw new NoAnswer(`No answer to ${request.method} ${request.url} ${reason}${remedy}`, {
      cause,
      clientOrderId,
    });
  }
}

function networkReason(cause: unknown): string {
  const inner: unknown = cause instanceof Error ? (cause.cause ?? cause) : cause;
  if (!(inner instanceof Error)) return String(inner);
  // Node's error for a host with several addresses has no message of its own.
  return inner.message !== "" ? inner.message : "code" in inner ? String(inner.code) : inner.name;
}

/**
 * The envelope of a success.
 *
 * @param body The body of the answer: its text, or what was read from its JSON.
 * @param request Method and address, for the message of an error.
 * @throws {@link TradynError} when it is none.
 */
export function open(
  answer: Response,
  body: unknown,
  request: string,
  clientOrderId: string | null,
): Record<string, unknown> {
  const facts = {
    status: answer.status,
    requestId: answer.headers.get("X-Request-Id"),
    retryAfter: retryAfter(answer),
    clientOrderId,
  };
  const envelope = typeof body === "string" ? parse(body) : body;
  if (isObject(envelope)) {
    if (answer.status === 200 && envelope["success"] === true && "data" in envelope) return envelope;
    if (isRefusal(envelope)) throw refusal(envelope, facts);
  }
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  throw new UnexpectedAnswer(`${request} was answered ${answer.status} with ${JSON.stringify(shown)}`, facts);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isRefusal(envelope: object): envelope is Refusal {
  const { success, error, code } = envelope as Partial<Refusal>;
  return success === false && typeof error === "string" && typeof code === "string";
}

function refusal(envelope: Refusal, facts: ErrorFacts): TradynError {
  const { error, code, retcode, request_id, details = [] } = envelope;
  const more = { ...facts, retcode, requestId: request_id, details };
  if (!isErrorCode(code)) return new UnexpectedAnswer(`${error} (${code})`, more);
  return new ERROR_CLASSES[code](error, { ...more, code });
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CLASSES, code);
}

function retryAfter(answer: Response): number | null {
  const seconds = answer.headers.get("Retry-After");
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : null;
}
