import { ERROR_CLASSES } from "./generated/errors.ts";
import type { ErrorCode, ErrorDetail } from "./generated/models.ts";
import { NoAnswer, type TradynError, UnexpectedAnswer } from "./tradyn-error.ts";

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
 * @throws {@link NoAnswer}
 */
export async function receive(
  request: Request,
  send: (request: Request) => Promise<Response>,
  timeoutMs: number,
): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([request.signal, timeout]);
  try {
    const answer = await send(new Request(request, { signal }));
    const body = await answer.arrayBuffer();
    const { status, statusText, headers } = answer;
    return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
  } catch (cause) {
    // What the user aborts ends as every aborted fetch does.
    request.signal.throwIfAborted();
    const reason = timeout.aborted ? `within ${timeoutMs / 1000} s` : `(${networkReason(cause)})`;
    throw new NoAnswer(`No answer to ${request.method} ${request.url} ${reason}`, { cause });
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
export function open(answer: Response, body: unknown, request: string): Record<string, unknown> {
  const envelope = typeof body === "string" ? parse(body) : body;
  if (isObject(envelope)) {
    if (answer.status === 200 && envelope["success"] === true && "data" in envelope) return envelope;
    if (isRefusal(envelope)) throw refusal(answer, envelope);
  }
  throw unexpected(answer, typeof body === "string" ? body : JSON.stringify(body), request);
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

function refusal(answer: Response, { error, code, retcode, request_id, details }: Refusal): TradynError {
  const isKnown = Object.hasOwn(ERROR_CLASSES, code);
  const Class = isKnown ? ERROR_CLASSES[code as ErrorCode] : UnexpectedAnswer;
  return new Class(isKnown ? error : `${error} (${code})`, {
    code: isKnown ? (code as ErrorCode) : null,
    retcode,
    status: answer.status,
    requestId: request_id,
    details: details ?? [],
    retryAfter: retryAfter(answer),
  });
}

function unexpected(answer: Response, text: string, request: string): UnexpectedAnswer {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return new UnexpectedAnswer(`${request} was answered ${answer.status} with ${JSON.stringify(shown)}`, {
    status: answer.status,
    requestId: answer.headers.get("X-Request-Id"),
    retryAfter: retryAfter(answer),
  });
}

function retryAfter(answer: Response): number | null {
  const seconds = answer.headers.get("Retry-After");
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : null;
}
