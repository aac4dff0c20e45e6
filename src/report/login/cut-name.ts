import { explanation, type Explanation } from './explanation.js';

/** A name with a colon, which Basic cuts there. */
export interface CutName {
  readonly given: string;
  /** The user that Kapacitor looks up. */
  readonly sent: string;
}

/** The name in an account of Basic, where Kapacitor reads another one. */
export function cutNameOf(given: string): CutName | undefined {
  const [sent = ''] = given.split(':');
  return sent === given ? undefined : { given, sent };
}

/** What to know of such a login, whatever comes of it. */
export function cutNameNote({ given, sent }: CutName): string {
  return `Basic cuts a user name at its first colon: Kapacitor reads "${given}" as user "${sent}" and takes the rest for the password.`;
}

/** Why such a login is refused: no command about the user that was looked up would help. */
export function explainCutName(name: CutName): Explanation {
  const query = `?u=${encodeURIComponent(name.given)}&p=PASSWORD`;
  return explanation('name-with-colon', cutNameNote(name), [
    { what: 'Send the name in the query instead', setting: query },
    { what: 'Or', setting: 'create the user again under a name without a colon' },
  ]);
}
