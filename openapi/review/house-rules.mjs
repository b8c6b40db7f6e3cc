// Redocly rules of this house: what holds for every operation and schema of openapi/tradyn.yaml.
// `tests/contract/test_review_tools.py` breaks the document once for each rule and expects its name.

const TERMINAL = ["Account", "Positions", "Orders", "Trading", "Market Data"];
const WITH_KEY = [...TERMINAL, "Analysis", "API Keys", "Webhooks", "Accounts", "Simulation"];
const USUAL = ["200", "400", "401", "403", "429", "500", "503"];
const WITHOUT_KEY = { "/health/live": ["200", "400", "500"], "/health/ready": ["200", "400", "500", "503"] };

// The width to which prose is wrapped is no more than 120 with its indentation; below this, a line was torn.
const TORN_BELOW = 80;

const METHODS = ["get", "put", "post", "patch", "delete", "options", "head", "trace"];

/** The statuses an operation must promise: those of its tag, and 404 where its path names an object. */
function statusesOf(path, operation) {
  if (path in WITHOUT_KEY) return WITHOUT_KEY[path];
  if (!WITH_KEY.includes(operation.tags?.[0])) return undefined;
  return path.includes("{") ? [...USUAL, "404"].sort() : USUAL;
}

/** What others offer, whom the server calls: none of the rules for its own operations holds there. */
const isCallback = (location) => location.pointer.includes("/callbacks/");

/** Promises exactly the statuses that can happen: neither fewer nor more than its tag and path call for. */
function StatusesOfTheTag() {
  return {
    PathItem(item, { report, key, location }) {
      if (isCallback(location)) return;
      for (const method of METHODS.filter((each) => each in item)) {
        const expected = statusesOf(key, item[method]);
        const at = location.child([method, "responses"]);
        const found = Object.keys(item[method].responses ?? {}).sort();
        if (!expected) {
          const tag = item[method].tags?.[0];
          report({ message: `The tag ${tag} has no row in the table of statuses of house-rules.mjs.`, location: at });
        } else if (found.join() !== expected.join()) {
          report({ message: `Promises ${found.join(", ")}; must be ${expected.join(", ")}.`, location: at });
        }
      }
    },
  };
}

/** Says in `x-scopes` which scopes may call it, and asks for a key exactly if there are any. */
function ScopesAndSecurity() {
  const known = ["read", "trade", "full", "admin"];
  return {
    Operation(operation, { report, location }) {
      if (isCallback(location)) return;
      const scopes = operation["x-scopes"];
      if (!Array.isArray(scopes) || scopes.some((each) => !known.includes(each))) {
        report({ message: `x-scopes must be a list of ${known.join(", ")}; empty where no key is needed.` });
        return;
      }
      const expected = scopes.length ? '[{"ApiKey":[]}]' : "[]";
      if (JSON.stringify(operation.security) !== expected) {
        report({ message: `With x-scopes [${scopes.join(", ")}], security must be written here as ${expected}.` });
      }
    },
  };
}

/** Every body is a reference to a named schema, and no object hides inside another: generators name classes after them. */
function ObjectsAreNamed() {
  return {
    MediaType(media, { report, location }) {
      if (!media.schema?.$ref) {
        report({ message: "Write the schema under components and refer to it.", location: location.child("schema") });
      }
    },
    Schema(schema, { report, location }) {
      const isComponent = /^#\/components\/schemas\/[^/]+$/.test(location.pointer);
      if (!isComponent && (schema.type === "object" || schema.properties)) {
        report({ message: "An object inside another: give it a name under components.schemas." });
      }
    },
  };
}

/** An object says `additionalProperties: false`: what the document does not name, nobody sends. */
function ObjectsAreClosed() {
  return {
    Schema(schema, { report }) {
      if ((schema.type === "object" || schema.properties) && schema.additionalProperties !== false) {
        report({ message: "An object must say `additionalProperties: false`." });
      }
    },
  };
}

/** Whatever is not 200 is one of the shared answers, so that an error is described once and has its examples. */
function SharedRefusals() {
  return {
    Operation(operation, { report, location }) {
      if (isCallback(location)) return;
      for (const [status, answer] of Object.entries(operation.responses ?? {})) {
        if (status !== "200" && !answer.$ref?.startsWith("#/components/responses/")) {
          report({
            message: `Refer to the shared answer of ${status} under components.responses.`,
            location: location.child(["responses", status]),
          });
        }
      }
    },
  };
}

/** The first place where a line ends early in the middle of a sentence, or undefined. */
function tornLine(prose) {
  const lines = prose.replace(/```[^]*?```/g, "").split("\n");
  for (let i = 0; i + 1 < lines.length; i++) {
    const [line, next] = [lines[i], lines[i + 1].trim()];
    const isProse = (text) => text !== "" && !/^[|*#>-]|^ {4}/.test(text);
    if (!isProse(line.trim()) || !isProse(next) || line.endsWith("  ")) continue;
    if (line.length + 1 + next.split(" ")[0].length < TORN_BELOW) return line;
  }
  return undefined;
}

/** Prose fills its lines: one that ends early, where the next word would have fitted, was torn by an edit. */
function ProseIsNotTorn() {
  return {
    any(node, { report, location }) {
      if (typeof node?.description !== "string") return;
      const line = tornLine(node.description);
      if (line) {
        report({
          message: `The line "${line.trim()}" ends early: let the next one follow on it.`,
          location: location.child("description"),
        });
      }
    },
  };
}

export default function houseRules() {
  return {
    id: "tradyn",
    rules: {
      oas3: {
        "statuses-of-the-tag": StatusesOfTheTag,
        "scopes-and-security": ScopesAndSecurity,
        "objects-are-named": ObjectsAreNamed,
        "objects-are-closed": ObjectsAreClosed,
        "shared-refusals": SharedRefusals,
        "prose-is-not-torn": ProseIsNotTorn,
      },
    },
  };
}
