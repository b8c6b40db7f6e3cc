// A number without its unit is guessed at. What a property measures is told from its name.
const UNITS = [
  { names: /^(volume(_.*)?|lots)$/, unit: /\blots?\b/, said: "lots" },
  {
    names: /^(price(_.*)?|sl|tp|bid|ask|open|high|low|close)$/,
    unit: /currency/i,
    said: "the symbol's profit currency",
  },
  {
    names: /^(balance|credit|equity|profit|margin|margin_free|margin_free_after|amount|swap|commission)$/,
    unit: /currency|percent|money/i,
    said: "the account's currency",
  },
  { names: /^(deviation|trailing_stop|spread|slippage|gap|.*_points|stops_level|freeze_level)$/, unit: /points?/i, said: "points" },
  { names: /_(ms|seconds)$/, unit: /(milli)?seconds/, said: "seconds or milliseconds" },
];

export default function unitNamed(schema, _options, context) {
  const problems = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.type !== "number" && property.type !== "integer") continue;
    const rule = UNITS.find(({ names }) => names.test(name));
    if (rule && !rule.unit.test(property.description ?? "") && !rule.unit.test(schema.description ?? "")) {
      problems.push({
        message: `${name} does not say that it is in ${rule.said}.`,
        path: [...context.path, "properties", name, "description"],
      });
    }
  }
  return problems;
}
