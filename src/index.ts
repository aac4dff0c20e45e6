export { KapadminError, type ErrorKind } from './errors.js';
export { Secret } from './model/secret.js';
