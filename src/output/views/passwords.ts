import type { Secret } from '../../model/secret.js';
import { renderTable } from '../table.js';
import type { View } from '../view.js';

/** A user and the password that was made for it; null where it got none. */
export interface MadePassword {
  readonly name: string;
  readonly password: Secret | null;
}

function json({ name, password }: MadePassword): object {
  return { name, password: password?.reveal() ?? null };
}

/**
 * What `--generate` prints, the only place where a password is shown: for one user the password alone; for several a
 * table, and in JSON an array.
 */
export const passwordsView: View<readonly MadePassword[]> = {
  text: (made, style) => {
    const [only] = made;
    if (made.length === 1 && only !== undefined) return only.password === null ? [] : [only.password.reveal()];
    const rows = made.flatMap(({ name, password }) => (password === null ? [] : [[name, password.reveal()]]));
    return renderTable({ columns: ['name', 'password'], rows }, { ...style, columns: undefined });
  },
  json: (made) => {
    const [only] = made;
    return made.length === 1 && only !== undefined ? json(only) : made.map(json);
  },
};
