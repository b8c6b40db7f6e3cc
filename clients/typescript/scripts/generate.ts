/**
 * Makes `src/generated` from the contract: `npm run generate`.
 *
 * With `--check` nothing is written: files that are not what they would be are named, and the exit code is 1.
 *
 * What always holds: `src/generated` holds nothing but what is made here, and the same contract makes the
 * same bytes. `schema.ts` is openapi-typescript's; the rest is what it does not make: names for the schemas,
 * a class for each code of an error, what the client must know of an operation before it may repeat it, and
 * the events of the stream.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { parse } from "yaml";

const CONTRACT = new URL("../../../openapi/tradyn.yaml", import.meta.url);
const TARGET = new URL("../src/generated/", import.meta.url);
const MARK = "// Generated from openapi/tradyn.yaml by scripts/generate.ts. Do not edit.\n";
const METHODS = ["get", "put", "post", "patch", "delete"] as const;
const ID = "client_order_id";

interface Schema {
  $ref?: string;
  description?: string;
  type?: string;
  enum?: (string | number)[];
  pattern?: string;
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  "x-enum-varnames"?: string[];
}
interface Parameter {
  $ref?: string;
  name: string;
  in: string;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  "x-scopes": string[];
}
interface StreamDescription {
  requests: Record<string, Schema>;
  channels: Record<string, { events: string[] }>;
  events: Record<string, Schema>;
}
interface Contract {
  info: { version: string };
  servers: { url: string }[];
  paths: Record<string, Partial<Record<(typeof METHODS)[number], Operation>> & { parameters?: Parameter[] }>;
  "x-streams": Record<string, StreamDescription>;
  components: { schemas: Record<string, Schema> };
}

/** What the file of each name holds. */
export async function generate(text: string): Promise<Map<string, string>> {
  const document = parse(text, { merge: true }) as Contract;
  nameLiterals(document);
  // A default is the server's to fill in: what has one may be left out of a request.
  const types = await openapiTS(document as unknown as OpenAPI3, { defaultNonNullable: false });
  const files = new Map([
    ["schema.ts", astToString(types)],
    ["models.ts", models(document)],
    ["errors.ts", errors(document)],
    ["contract.ts", contract(document)],
    ["stream.ts", stream(document)],
  ]);
  return new Map([...files].map(([name, content]) => [name, `${MARK}\n${content.trim()}\n`]));
}

// A pattern that lets one word through is that word: the compiler can tell messages apart by it.
function nameLiterals({ components }: Contract): void {
  for (const schema of Object.values(components.schemas)) {
    for (const property of Object.values(schema.properties ?? {})) {
      const word = /^\^(\w+)\$$/.exec(property.pattern ?? "")?.[1];
      if (word !== undefined) property.enum = [word];
    }
  }
}

// A name for each schema; not for the envelopes, which the client opens.
function models({ components }: Contract): string {
  const lines = [
    'import type { components } from "./schema.ts";',
    "",
    'type Schemas = components["schemas"];',
  ];
  for (const [name, schema] of Object.entries(components.schemas)) {
    if ("success" in (schema.properties ?? {})) continue;
    lines.push("", comment(schema.description ?? name), `export type ${name} = Schemas["${name}"];`);
    const names = schema["x-enum-varnames"];
    if (names !== undefined) {
      const values = names.map((each, index) => `  ${each}: ${JSON.stringify(schema.enum?.[index])},`);
      lines.push(comment(schema.description ?? name), `export const ${name} = {`, ...values, "} as const;");
    }
  }
  return lines.join("\n");
}

// One class for each code; its status and meaning come from the table in the description of the codes.
function errors({ components }: Contract): string {
  const codes = components.schemas["ErrorCode"];
  if (codes?.enum === undefined) throw new Error("The contract has no list of codes in its schema ErrorCode");
  const rows = new Map<string, { status: number; retcode: string; meaning: string }>();
  for (const line of (codes.description ?? "").split("\n")) {
    const [, code, status, retcode, meaning] = line.split("|").map((cell) => cell.trim());
    if (
      code?.startsWith("`") === true &&
      status !== undefined &&
      retcode !== undefined &&
      meaning !== undefined
    ) {
      rows.set(code.replaceAll("`", ""), { status: Number(status), retcode, meaning });
    }
  }
  const classes = [];
  const entries = [];
  for (const code of codes.enum.map(String)) {
    const row = rows.get(code);
    if (row === undefined)
      throw new Error(`The table in the description of ErrorCode has no row for ${code}`);
    const name = code.toLowerCase().replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
    const meaning = row.meaning.charAt(0).toUpperCase() + row.meaning.slice(1);
    const facts = [
      `\`${code}\``,
      String(row.status),
      ...(row.retcode === "" ? [] : [`retcode ${row.retcode}`]),
    ];
    classes.push(
      comment(`${meaning} (${facts.join(", ")}).`),
      `export class ${name} extends ${family(code, row.status)} {`,
      `  static {`,
      `    this.prototype.name = "${name}";`,
      `  }`,
      `}`,
      "",
    );
    entries.push(`  ${code}: ${name},`);
  }
  return [
    'import { Denied, Failed, Refused, Temporary, TradynError } from "../tradyn-error.ts";',
    'import type { ErrorCode } from "./models.ts";',
    "",
    ...classes,
    "/** The class of each code. */",
    "export const ERROR_CLASSES: Readonly<Record<ErrorCode, typeof TradynError>> = {",
    ...entries,
    "};",
  ].join("\n");
}

function family(code: string, status: number): string {
  if (status === 400 && code !== "INVALID_REQUEST") return "Refused";
  if (status === 401 || status === 403) return "Denied";
  if (status === 429) return "Temporary";
  return status >= 500 ? "Failed" : "TradynError";
}

// What no type can say at run time.
function contract(document: Contract): string {
  const operations = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      const facts = [];
      // A key of scope read changes nothing, whatever it calls.
      const isRead = method === "get" || operation["x-scopes"].includes("read");
      if (isRead && method !== "get") facts.push("isRead: true");
      const place = isRead
        ? undefined
        : placeOfId(document, [...(item.parameters ?? []), ...(operation.parameters ?? [])], operation);
      if (place !== undefined) facts.push(`clientOrderId: "${place}"`);
      if (facts.length > 0) operations.push(`  "${method.toUpperCase()} ${path}": { ${facts.join(", ")} },`);
    }
  }
  return [
    'import type { OperationTraits } from "../operation-traits.ts";',
    "",
    "/** Version of the contract that this client was made from. */",
    `export const CONTRACT_VERSION = ${JSON.stringify(document.info.version)};`,
    "",
    "/** Where a server is, unless it was told to be elsewhere. */",
    `export const DEFAULT_BASE_URL = ${JSON.stringify(document.servers[0]?.url)};`,
    "",
    "/** The operations that are more than a plain request, by method and path. */",
    "export const OPERATION_TRAITS: Readonly<Record<string, OperationTraits>> = {",
    ...operations,
    "};",
  ].join("\n");
}

// Which messages there are on the stream, and on which channel each of them comes.
function stream(document: Contract): string {
  const [found, ...more] = Object.entries(document["x-streams"]);
  if (found === undefined || more.length > 0)
    throw new Error("The contract must have one stream in x-streams");
  const [path, { requests, channels, events }] = found;
  const nameOf = (event: string): string => {
    const name = events[event]?.$ref?.split("/").at(-1);
    if (name === undefined || document.components.schemas[name]?.properties?.["event"]?.enum?.[0] !== event)
      throw new Error(`The contract has no schema whose event is ${event}`);
    return name;
  };
  const union = (names: string[]): string => [...new Set(names)].join(" | ");
  const heard = Object.values(channels).flatMap((channel) => channel.events);
  const answers = Object.keys(events).filter((event) => !heard.includes(event));
  const said = Object.values(requests).map(({ $ref = "" }) => $ref.split("/").at(-1) ?? "");
  const types = [...new Set([...Object.keys(events).map(nameOf), ...said])].sort();
  return [
    "import type {",
    ...types.map((name) => `  ${name},`),
    '} from "./models.ts";',
    "",
    "/** Where the stream is, after the address of the API. */",
    `export const STREAM_PATH = ${JSON.stringify(path)};`,
    "",
    "/** What comes on each channel of the stream. */",
    "export interface ChannelEvents {",
    ...Object.entries(channels).map(([name, each]) => `  ${name}: ${union(each.events.map(nameOf))};`),
    "}",
    "",
    "/** What comes on the channels of the stream; `event` tells them apart. */",
    "export type StreamEvent = ChannelEvents[keyof ChannelEvents];",
    "",
    "/** What the server answers to requests on the stream, and says of the stream itself. */",
    `export type StreamAnswer = ${union(answers.map(nameOf))};`,
    "",
    "/** What may be asked of the server on the stream. */",
    `export type StreamRequest = ${union(said)};`,
    "",
    "/** On which channel each event comes. */",
    "export const CHANNEL_OF_EVENT = {",
    ...Object.entries(channels).flatMap(([name, each]) =>
      each.events.map((event) => `  ${event}: ${JSON.stringify(name)},`),
    ),
    '} as const satisfies Record<StreamEvent["event"], keyof ChannelEvents>;',
  ].join("\n");
}

function placeOfId(document: Contract, parameters: Parameter[], operation: Operation): string | undefined {
  if (parameters.some((each) => resolve<Parameter>(document, each).name === ID)) return "query";
  const schema = operation.requestBody?.content["application/json"]?.schema;
  return schema !== undefined && ID in properties(document, schema) ? "body" : undefined;
}

function properties(document: Contract, schema: Schema): Record<string, Schema> {
  const { properties: own = {}, oneOf = [], anyOf = [], allOf = [] } = resolve<Schema>(document, schema);
  return Object.assign({}, own, ...[...oneOf, ...anyOf, ...allOf].map((each) => properties(document, each)));
}

function resolve<T>(document: Contract, node: { $ref?: string }): T {
  if (node.$ref === undefined) return node as T;
  let found: unknown = document;
  for (const name of node.$ref.slice(2).split("/")) found = (found as Record<string, unknown>)[name];
  if (found === undefined) throw new Error(`The contract has no ${node.$ref}`);
  return found as T;
}

function comment(text: string): string {
  const lines = text.trim().replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `/** ${lines.join("")} */`;
  return ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

async function main(isCheck: boolean): Promise<number> {
  await mkdir(TARGET, { recursive: true });
  const wanted = await generate(await readFile(CONTRACT, "utf8"));
  const present = new Map<string, string>();
  for (const name of await readdir(TARGET)) present.set(name, await readFile(new URL(name, TARGET), "utf8"));
  const changed = [...new Set([...wanted.keys(), ...present.keys()])]
    .filter((name) => wanted.get(name) !== present.get(name))
    .sort();
  for (const name of changed) {
    const kind = present.has(name) ? (wanted.has(name) ? "different" : "not generated") : "missing";
    console.log(`src/generated/${name}${isCheck ? `: ${kind}` : ""}`);
    const content = wanted.get(name);
    if (isCheck) continue;
    if (content === undefined) await rm(new URL(name, TARGET));
    else await writeFile(new URL(name, TARGET), content);
  }
  if (isCheck && changed.length > 0) {
    console.log("Not what the contract makes of it: run make clients");
    return 1;
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.includes("--check"));
}
