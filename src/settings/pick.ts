import { usageError } from '../errors.js';
import type { Given, Layer } from './layers.js';
import { placeOf } from './origin.js';
import { parts, secretParts, type PartName } from './parts.js';

/** Where a layer's secrets for the connection stand. */
function secretPlaces(layer: Layer): readonly string[] {
  return secretParts.flatMap((name) => {
    const given = layer.get(name);
    return given === undefined ? [] : [placeOf(given.origin, name)];
  });
}

/** Puts name and password of the URLs beside the other settings of their layer. */
function withUserinfo(layer: Layer): Layer {
  const url = layer.get('url');
  const [first, ...others] = url?.userinfo ?? [];
  if (url === undefined || first === undefined) return layer;
  const place = placeOf(url.origin, 'url');
  const { username, password } = first.account(place);
  for (const other of others) {
    const account = other.account(place);
    if (account.username === username && account.password?.reveal() === password?.reveal()) continue;
    throw usageError('two-accounts', `${place}: the URLs hold different accounts`, 'One account serves all nodes.');
  }
  const name = layer.get('username');
  const twice = [
    ...(name === undefined ? [] : [placeOf(name.origin, 'username')]),
    ...(password === undefined ? [] : secretPlaces(layer)),
  ];
  if (twice.length > 0) {
    const message = `the URL of ${place} holds an account, and so does ${twice.join(', ')}`;
    throw usageError('two-accounts', message, 'Give one of them.');
  }
  const more = new Map(layer).set('username', { texts: [username], origin: url.origin });
  return password === undefined ? more : more.set('password', { texts: [], secret: password, origin: url.origin });
}

/** Each setting from the first layer that has it; of the passwords and secrets, all from one layer, and one only. */
export function pick(layers: readonly Layer[]): Layer {
  const named = layers.find((layer) => layer.has('url'));
  const all = layers.map((layer) => (layer === named ? withUserinfo(layer) : layer));
  const given = new Map<PartName, Given>();
  for (const { name } of parts) {
    if (secretParts.includes(name)) continue;
    const value = all.find((layer) => layer.has(name))?.get(name);
    if (value !== undefined) given.set(name, value);
  }
  const secret = all.find((layer) => secretParts.some((name) => layer.has(name)));
  if (secret === undefined) return given;
  const places = secretPlaces(secret);
  if (places.length > 1) {
    const message = `two passwords for the connection: ${places.join(' and ')}`;
    throw usageError('two-passwords', message, 'Give one of them.');
  }
  for (const name of secretParts) {
    const value = secret.get(name);
    if (value !== undefined) given.set(name, value);
  }
  return given;
}
