import { ERROR_CLASSES } from "./generated/errors.ts";
import type { ErrorCode, ErrorDetail } from "./generated/models.ts";
import { type ErrorFacts, Failed, NoAnswer, type TradynError, UnexpectedAnswer } from "./tradyn-error.ts";

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
      isUnsent: timeout?.aborted !== true && isUnsent(cause),
    });
  }
}

// Of Node; a browser does not say.
const NO_CONNECTION = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

function isUnsent(cause: unknown): boolean {
  const inner = innermost(cause);
  return inner instanceof Error && "code" in inner && NO_CONNECTION.includes(String(inner.code));
}

// fetch hides what happened behind an error of its own.
function innermost(cause: unknown): unknown {
  return cause instanceof Error ? (cause.cause ?? cause) : cause;
}

function networkReason(cause: unknown): string {
  const inner = innermost(cause);
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
  const message = `${request} was answered ${answer.status} with ${JSON.stringify(shown)}`;
  throw new (kind(answer.status))(message, facts);
}

// What an answer without a code of the contract is: a gateway's that failed or has had enough, or another program's.
function kind(status: number): typeof TradynError {
  if (status === 429) return ERROR_CLASSES.RATE_LIMITED;
  return status >= 500 ? Failed : UnexpectedAnswer;
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
  if (!isErrorCode(code)) return new (kind(facts.status ?? 0))(`${error} (${code})`, more);
  return new ERROR_CLASSES[code](error, { ...more, code });
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CLASSES, code);
}

function retryAfter(answer: Response): number | null {
  const seconds = answer.headers.get("Retry-After");
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : null;
}
