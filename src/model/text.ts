/** At most `limit` characters of a text, with `…` where it was cut. */
export function excerpt(text: string, limit = 200): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

const longestLine = 2_000;

/** A text whose lines are at most 2,000 characters, with `…` where one was cut: names and paths may be of any length. */
export function shortLines(text: string): string {
  if (text.length <= longestLine) return text;
  const cut = (line: string): string => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
  return text.split('\n').map(cut).join('\n');
}

export function hasControls(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}
