import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const permissions = ['ReadData', 'WriteData', 'KapacitorAPI', 'Monitor', 'ManageQuery'];
const hash = '$2a$10$abcdefghijklmnopqrstuuU3pmYrZsDkq8ZtXHo8FnkbSJAr2eiuS';

function nameOf(i) {
  return `user${String(i).padStart(6, '0')}`;
}

function scopesOf(i) {
  return { '': [permissions[i % 5]], [`db${i % 50}`]: ['ReadData', 'WriteData'] };
}

/** A wanted state of so many users, each in one of so many roles. */
export function wantedState(users, roles) {
  const entries = Array.from({ length: users }, (_, i) => [
    nameOf(i),
    { password: { env: 'PASSWORD' }, permissions: scopesOf(i), roles: [`role${i % roles}`] },
  ]);
  const roleEntries = Array.from({ length: roles }, (_, i) => [
    `role${i}`,
    { permissions: { '': [permissions[i % 5]] } },
  ]);
  return { users: Object.fromEntries(entries), roles: Object.fromEntries(roleEntries) };
}

/**
 * What a meta node answers that holds the users of such a state: one in ten is missing, one in five lacks a permission,
 * the roles have half of their members.
 */
export function liveAnswers(users, roles) {
  const list = [];
  const members = Array.from({ length: roles }, () => []);
  for (let i = 0; i < users; i++) {
    if (i % 10 === 0) continue;
    list.push({ name: nameOf(i), hash, permissions: i % 5 === 1 ? { '': [permissions[i % 5]] } : scopesOf(i) });
    if (i % 2 === 1) members[i % roles].push(nameOf(i));
  }
  const roleList = members.map((names, i) => ({
    name: `role${i}`,
    permissions: { '': [permissions[i % 5]] },
    users: names,
  }));
  return { '/user': JSON.stringify({ users: list }), '/role': JSON.stringify({ roles: roleList }) };
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
