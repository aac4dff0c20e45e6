import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../model/secret.js';

/** Remembers, as salted SHA-256, which password was found to fit which hash: bcrypt is paid once. */
export interface PasswordMemory {
  knows(name: string, hash: Secret, password: Secret): boolean;
  remember(name: string, hash: Secret, password: Secret): void;
  forget(name: string): void;
}

export function makePasswordMemory(salt: string): PasswordMemory {
  const digests = new Map<string, Uint8Array>();
  const digest = (hash: Secret, password: Secret): Uint8Array =>
    createHash('sha256').update(`${salt}\0${hash.reveal()}\0`).update(password.reveal()).digest();
  return {
    knows(name, hash, password) {
      const known = digests.get(name);
      return known !== undefined && timingSafeEqual(known, digest(hash, password));
    },
    remember: (name, hash, password) => void digests.set(name, digest(hash, password)),
    forget: (name) => void digests.delete(name),
  };
}
