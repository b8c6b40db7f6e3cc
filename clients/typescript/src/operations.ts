/** Types of what an operation takes and returns, read off the generated schema. */
import type { ParamsOption, RequestBodyOption } from "openapi-fetch";
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from "openapi-typescript-helpers";
import type { paths } from "./generated/schema.ts";

/** Paths that have an operation of this method. */
export type Path<M extends HttpMethod> = PathsWithMethod<paths, M>;

type Envelope<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  responses: { 200: { content: { "application/json": infer E } } };
}
  ? E
  : never;

/** One page of a long list. */
export interface Page<T> {
  /** The entries. */
  data: T[];
  /** The `cursor` of the next page; null on the last one. */
  next_cursor: string | null;
}

/** What an operation returns: what the envelope holds, or for a paged list the {@link Page}. */
export type Result<P extends keyof paths, M extends keyof paths[P]> =
  Envelope<P, M> extends { data: (infer T)[]; next_cursor: string | null }
    ? Page<T>
    : Envelope<P, M> extends { data: infer D }
      ? D
      : never;

/** Paths of the lists that come in pages. */
export type PagedPath = {
  [P in Path<"get">]: Result<P, "get"> extends Page<unknown> ? P : never;
}[Path<"get">];

/** An entry of a paged list. */
export type Entry<P extends PagedPath> = Result<P, "get"> extends Page<infer T> ? T : never;

/** What any request may be given besides its parameters and its body. */
export interface RequestOptions {
  /** Ends the request, also between attempts; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Headers of this request alone. */
  headers?: Record<string, string> | undefined;
  /** Milliseconds to wait for the answer, in each attempt. */
  timeoutMs?: number | undefined;
}

/** Parameters, body and options of a request. */
export type Init<P extends keyof paths, M extends keyof paths[P]> = ParamsOption<paths[P][M]> &
  RequestBodyOption<paths[P][M]> &
  RequestOptions;

/** The same as an argument, which may be left out when nothing in it is required. */
export type InitArgument<P extends keyof paths, M extends keyof paths[P]> =
  RequiredKeysOf<Init<P, M>> extends never ? [init?: Init<P, M>] : [init: Init<P, M>];

/** Calls any operation of one HTTP method. */
export type Method<M extends HttpMethod> = <P extends Path<M>>(
  path: P,
  ...init: InitArgument<P, M>
) => Promise<Result<P, M>>;
