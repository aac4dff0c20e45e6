/** Milliseconds since 1970 for a sentence: `2026-01-01 12:00:00 UTC`. */
export function showTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
