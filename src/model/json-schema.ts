/** The JSON Schema of an object with these keys and no others; all are required but the optional ones. */
export function objectSchema(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}
