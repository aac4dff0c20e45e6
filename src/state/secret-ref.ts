import type { SecretRef } from '../mutations/change.js';
import { Secret } from '../model/secret.js';
import { fieldsOf, switchOf } from './fields.js';
import { below, type Report, type Spot } from './problem.js';

/** Makes the path of a secret, as a file of wanted state gives it, a path that holds everywhere. */
export type ResolvePath = (stateFile: string, path: string) => string;

const passwordForms = '{ env: NAME }, { file: PATH } or { generate: true }';
const hashForms = '{ env: NAME }, { file: PATH } or { value: HASH }';

/** The one source that an object names. What stands there in its place may be a secret: it is never repeated. */
function oneOf(
  value: unknown,
  sources: readonly string[],
  forms: string,
  spot: Spot,
  report: Report,
): readonly [string, unknown] | undefined {
  const what = String(spot.step);
  if (typeof value === 'string') {
    report.error('secret-in-file', `a ${what} must not stand in the file`, spot, `Write ${forms}.`);
    return undefined;
  }
  const fields = Object.entries(fieldsOf(value, what, spot, report));
  const [first] = fields;
  if (first !== undefined && fields.length === 1 && sources.includes(first[0])) return first;
  if (fields.length > 0 || value === null) report.error('wrong-source', `${what}: expected ${forms}`, spot);
  return undefined;
}

function textRef(
  [source, value]: readonly [string, unknown],
  spot: Spot,
  report: Report,
  resolve: ResolvePath,
): SecretRef | undefined {
  if (typeof value !== 'string' || value === '') {
    report.error('wrong-source', `${source}: expected a text`, below(spot, source));
    return undefined;
  }
  return source === 'env' ? { from: 'env', name: value } : { from: 'file', path: resolve(spot.file, value) };
}

export function readPasswordRef(
  value: unknown,
  spot: Spot,
  report: Report,
  resolve: ResolvePath,
): SecretRef | undefined {
  const one = oneOf(value, ['env', 'file', 'generate'], passwordForms, spot, report);
  if (one === undefined) return undefined;
  if (one[0] !== 'generate') return textRef(one, spot, report, resolve);
  if (switchOf(one[1], 'generate', below(spot, 'generate'), report)) return { from: 'generate' };
  report.error('wrong-source', `password: expected ${passwordForms}`, spot);
  return undefined;
}

/** A reference to a hash or, as an export writes it, the hash itself. */
export function readHashRef(
  value: unknown,
  spot: Spot,
  report: Report,
  resolve: ResolvePath,
): { readonly hash?: SecretRef; readonly hashValue?: Secret } {
  const one = oneOf(value, ['env', 'file', 'value'], hashForms, spot, report);
  if (one === undefined) return {};
  if (one[0] === 'value' && typeof one[1] === 'string' && one[1] !== '') {
    return { hash: { from: 'state', file: spot.file }, hashValue: new Secret(one[1]) };
  }
  const hash = textRef(one, spot, report, resolve);
  return hash === undefined ? {} : { hash };
}
