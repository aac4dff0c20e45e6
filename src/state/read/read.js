import { readJson } from './json.js';
import { readYaml } from './yaml.js';
const byteOrderMark = 0xfeff;
/** Reads a file of wanted state, JSON or YAML, whatever its name. */
export function readSource(file, given) {
    const text = given.charCodeAt(0) === byteOrderMark ? given.slice(1) : given;
    const json = /^\s*[{[]/.test(text) ? readJson(file, text) : undefined;
    return json ?? readYaml(file, text);
}
