import { Secret } from '../../../src/model/secret.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import { registerSecret, type Terminal } from '../harness.js';

export const johnsPassword = registerSecret('Pa5sw0Rd-of-johndoe');
export const newPassword = registerSecret('n3w/Pa5sw0Rd "quoted"');

/** johndoe with KapacitorAPI; janedoe with ReadData on telegraf, and in the role kapacitor, which has KapacitorAPI. */
export const cluster: SandboxOptions = {
  seed: {
    users: [
      {
        name: 'johndoe',
        password: new Secret(johnsPassword),
        ldap: false,
        permissions: new Map([['', ['KapacitorAPI']]]),
      },
      {
        name: 'janedoe',
        password: new Secret(johnsPassword),
        ldap: false,
        permissions: new Map([['telegraf', ['ReadData']]]),
      },
    ],
    roles: [{ name: 'kapacitor', permissions: new Map([['', ['KapacitorAPI']]]), users: ['janedoe'] }],
  },
};

/** The same with nobody in it, not even an admin. */
export const emptyCluster: SandboxOptions = { admin: null };

export async function typePasswordTwice(terminal: Terminal): Promise<void> {
  await terminal.sees(/password/i);
  terminal.type(newPassword);
  terminal.press('enter');
  await terminal.sees(/Confirm password/);
  terminal.type(newPassword);
  terminal.press('enter');
}

/** Types what a deletion asks for. */
export function typeName(name: string): (terminal: Terminal) => Promise<void> {
  return async (terminal) => {
    await terminal.sees(`Type the name ${name}`);
    terminal.type(name);
    terminal.press('enter');
  };
}

/** The JSON of one change that was carried out. */
export function done(change: object): { readonly dryRun: false; readonly changes: readonly object[] } {
  return { dryRun: false, changes: [{ ...change, status: 'done' }] };
}
