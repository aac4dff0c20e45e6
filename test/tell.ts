import { appendFileSync } from 'node:fs';

/** A word that the test run shows at its end. */
export function tell(note: string): void {
  const file = process.env['KAPADMIN_TEST_NOTES'];
  if (file === undefined) process.stderr.write(`${note}\n`);
  else appendFileSync(file, `${note}\n`);
}
