import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const permissions = ['ReadData', 'WriteData', 'KapacitorAPI', 'Monitor', 'ManageQuery'];
const hash = '$2a$10$abcdefghijklmnopqrstuuU3pmYrZsDkq8ZtXHo8FnkbSJAr2eiuS';

export function userName(i) {
  return `user${String(i).padStart(6, '0')}`;
}

export function roleName(i) {
  return `role${i}`;
}

function scopesOf(i) {
  return { '': [permissions[i % 5]], [`db${i % 50}`]: ['ReadData', 'WriteData'] };
}

export function wantedUser(i, roles) {
  return { password: { env: 'PASSWORD' }, permissions: scopesOf(i), roles: [roleName(i % roles)] };
}

export function wantedRole(i) {
  return { permissions: { '': [permissions[i % 5]] } };
}

/** A user as the cluster has it: one in ten is missing, one in five lacks permissions. */
export function liveUser(i) {
  if (i % 10 === 0) return undefined;
  return { name: userName(i), hash, permissions: i % 5 === 1 ? { '': [permissions[i % 5]] } : scopesOf(i) };
}

/** A role as the cluster has it, with half of its members. */
export function liveRole(i, users, roles) {
  const members = [];
  for (let user = i; user < users; user += roles) if (user % 10 !== 0 && user % 4 < 2) members.push(userName(user));
  return { name: roleName(i), ...wantedRole(i), users: members };
}

function upTo(count) {
  return Array.from({ length: count }, (_, i) => i);
}

/** A state file of so many users, each in one of so many roles. */
export function wantedState(users, roles) {
  return {
    users: Object.fromEntries(upTo(users).map((i) => [userName(i), wantedUser(i, roles)])),
    roles: Object.fromEntries(upTo(roles).map((i) => [roleName(i), wantedRole(i)])),
  };
}

/** What a meta node answers that holds a part of such a state. */
export function liveAnswers(users, roles) {
  const list = upTo(users).flatMap((i) => liveUser(i) ?? []);
  return {
    '/user': JSON.stringify({ users: list }),
    '/role': JSON.stringify({ roles: upTo(roles).map((i) => liveRole(i, users, roles)) }),
  };
}

/** A temporary folder with these files for the time of `use`. */
export async function withFiles(files, use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'kapadmin-bench-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
