import { hashOf, digestOf } from '../auth-engine/engine.js';
import { Secret } from '../../src/model/secret.js';
import { parseScenario } from '../../src/scenario/load.js';
import { playScenario, type PlayedScenario, type PlayTools } from '../../src/scenario/play.js';
import type { Scenario } from '../../src/scenario/scenario.js';

/** A player without bcrypt: digests of its own, no files. */
export const tools: PlayTools = {
  bcrypt: (request) => Promise.resolve(digestOf(request)),
  hash: (password) => new Secret(hashOf(password.reveal())),
  file: () => Promise.resolve({ error: 'no such file or directory' }),
  now: () => 0,
};

export function read(value: unknown): Promise<Scenario> {
  return parseScenario(value, 'fallback', (file) => Promise.resolve(`# ${file}\n`));
}

export async function played(value: unknown): Promise<PlayedScenario> {
  return playScenario(await read(value), tools);
}

export const config = `
[http]
  auth-enabled = true
[auth]
  enabled = true
  cache-expiration = "5m"
  bcrypt-cost = 4
  meta-addr = "127.0.0.1:8091"
  meta-username = "admin"
  meta-password = "changeit"
`;

export const johndoe = { name: 'johndoe', password: 'right', permissions: { '': ['KapacitorAPI'] } };

/** A scenario of one daemon that reads users of a node with an account. */
export function scenario(steps: readonly object[], meta: object = {}, parts: object = {}): object {
  const credentials = { username: 'admin', password: 'changeit' };
  return { kapacitor: { config }, meta: { credentials, users: [johndoe], ...meta }, steps, ...parts };
}

export const tasks = { method: 'GET', path: '/kapacitor/v1/tasks', username: 'johndoe', password: 'right' };
