export { KapadminError, type ErrorKind } from './errors.js';
export { Secret } from './model/secret.js';
export * from './meta/index.js';
