import { showNames } from '../../model/name.js';
import { roleSentences } from '../../model/role-sentences.js';
import type { Matrix } from './matrix.js';

/** Users who may `POST /kapacitor/v1/users`: KapacitorAPI gives that, for any database, and nothing else does. */
function adminMakers({ users, rows }: Omit<Matrix, 'notes'>): readonly string[] {
  const may = rows.map(
    ({ permissions, unknown }) =>
      unknown.length === 0 && [...permissions.values()].some((names) => names.includes('KapacitorAPI')),
  );
  return users.filter(({ row }) => may[row]).map(({ name }) => name);
}

/** What a reader of any form of the matrix has to know beside its cells. */
export function matrixNotes(matrix: Omit<Matrix, 'notes'>): readonly string[] {
  const notes: string[] = [];
  if (matrix.otherDatabases || matrix.databases.length > 0) {
    notes.push(
      'A write without ?db=NAME gets 400 from Kapacitor, whoever sends it: the columns are those of databases.',
    );
  }
  if (matrix.users.some(({ roles }) => roles.length > 0)) notes.push(roleSentences[matrix.rolesInUserRecords]);
  const makers = adminMakers(matrix);
  if (makers.length > 0) {
    notes.push(
      `With KapacitorAPI, ${showNames(makers)} can create an administrator of Kapacitor, who may also use /config: ` +
        'POST /kapacitor/v1/users.',
    );
  }
  return notes;
}
