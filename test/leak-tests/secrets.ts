import { formsOf } from './forms.js';

/** A secret of a test, and what betrays it: both its ends, in every form. */
export interface Marked {
  readonly value: string;
  /** Whose it is, for people. */
  readonly of: string;
  readonly needles: readonly string[];
}

const endLength = 9;

/** A secret that is searched for: its first and last characters are like no other text. */
export function marked(of: string, value: string, ends: readonly string[] = []): Marked {
  const pieces = ends.length > 0 ? ends : [value.slice(0, endLength), value.slice(-endLength)];
  return { of, value, needles: [...new Set(pieces.flatMap(formsOf))] };
}

/** Between its ends stands what encodings change. */
function password(of: string, first: string, last: string): Marked {
  return marked(of, `${first}"<&>\u00e4+ %/${last}`, [first, last]);
}

/** A hash of bcrypt in form; no password fits it. */
function hash(of: string, salt: string, digest: string): Marked {
  return marked(of, `$2a$04$${salt}${digest}`, [salt.slice(0, endLength), digest.slice(-endLength)]);
}

/** Every kind of secret that a command may get, each by itself. */
export const secrets = {
  meta: password('the account of the connection', 'Qm7tXv2Lk', 'Zw9pRd4Hs'),
  shared: password('the shared secret of the meta nodes', 'Hs5nBq8Wy', 'Tc3gLx6Vf'),
  proxy: marked('the account of the proxy', 'Py4kWm9Zt-of-the-proxy-Gb6vNr2Qd'),
  own: password('the password that the command is about', 'Nd6wKr3Jx', 'Bv8mTq5Gz'),
  second: password('another password', 'Jw2xFc7Mp', 'Rk9bHt4Vn'),
  token: marked('the token under test', 'eyJLt5.Vq8Zx-the-payload-Wc3.Mn7_Yd2Rg'),
  daemon: password("Kapacitor's account", 'Vx3jGt8Rb', 'Lq7nWd5Kc'),
  daemonSecret: password("Kapacitor's shared secret", 'Xk9fDv4Tm', 'Wz6hJq2Bn'),
  internal: password("Kapacitor's secret for the meta node", 'Gr8cYp5Vw', 'Fn3tMx7Lj'),
  smtp: password('a password elsewhere in kapacitor.conf', 'Tb5qZh7Cw', 'Kd4vXm9Ps'),
  hash: hash('a hash', 'Rw6yTn4Kb3gVp8Xd2mJz5u', 'Hq9cLf7Wt5xBk3vGr8nMd2sYj6pZw4T'),
} as const;

export type SecretName = keyof typeof secrets;

/** Each secret that a text holds. */
export function foundIn(text: string, among: readonly Marked[] = Object.values(secrets)): readonly Marked[] {
  return among.filter(({ needles }) => needles.some((needle) => text.includes(needle)));
}
