// An enum of integers needs a name for each value, or the generated clients name them VALUE_0, VALUE_1 …;
// a null among other values makes no class at all, so it stands alone.
export default function enumNames(schema) {
  const problems = [];
  if (schema.type === "integer" && schema["x-enum-varnames"]?.length !== schema.enum.length) {
    problems.push({ message: `x-enum-varnames must name all ${schema.enum.length} values of this enum.` });
  }
  if (schema.enum.includes(null) && schema.enum.length > 1) {
    problems.push({ message: "Take null out of the enum, and refer to Nothing in a oneOf where there may be none." });
  }
  return problems;
}
