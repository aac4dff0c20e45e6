/** The stretch of a base64 text that a secret alone decides, wherever in the bytes it begins. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    return whole.slice(offset === 0 ? 0 : 4);
  });
}

function percentEncoded(secret: string): string {
  return [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** The same with `%3a` for `%3A`. */
export function lowerCaseEscapes(text: string): string {
  return text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** A text between the quotes of JSON, as JavaScript writes it. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A text between the quotes of JSON, as Go writes it. */
export function inGoJson(text: string): string {
  return inJson(text).replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

/** The ways in which a secret may show. */
export function formsOf(secret: string): readonly string[] {
  const base64 = base64Forms(secret);
  const percent = [encodeURIComponent(secret), percentEncoded(secret)];
  const hex = Buffer.from(secret).toString('hex');
  const forms = [
    secret,
    inJson(secret),
    inGoJson(secret),
    inJson(inJson(secret)),
    ...percent,
    ...percent.map((form) => form.replaceAll('%20', '+')),
    ...percent.map(lowerCaseEscapes),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(forms)];
}
