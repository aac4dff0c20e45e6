import { usageError } from '../../errors.js';

const forms: ReadonlyMap<string, 'json' | 'yaml'> = new Map([
  ['json', 'json'],
  ['yaml', 'yaml'],
  ['yml', 'yaml'],
]);

/** The form that a file's ending asks for. Throws a usage error for any other ending. */
export function formOf(file: string): 'json' | 'yaml' {
  const form = forms.get(/\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? '');
  if (form !== undefined) return form;
  throw usageError('bad-record', `--record: ${file} must end in .yaml, .yml or .json`);
}

/** A recorded scenario as the text of its file. */
export async function scenarioText(value: unknown, form: 'json' | 'yaml'): Promise<string> {
  if (form === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  const { stringify } = await import('yaml');
  return `# Recorded by kapadmin auth test. Passwords, hashes, tokens and accounts in it are placeholders.\n${stringify(value)}`;
}
