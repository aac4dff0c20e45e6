import { describe, expect, it } from 'vitest';
import { asking, codeOfWrite, faultsAgainst, readFrom, writes, writeTo } from './against-bad-servers.js';
import { badServers } from './bad-servers.js';
import { assertCleanExit } from './clean-exit.js';

const numbered = badServers.map((server, i) => ({ ...server, i }));

describe('user list against a server that', () => {
  it.each(badServers)('$name', async (server) => {
    const ran = await readFrom(server, ['user', 'list']);
    assertCleanExit(ran);
    const said = ran.code === 0 ? ran.stdout : ran.stderr;
    expect([ran.code, said]).toEqual([server.code, expect.stringMatching(server.says)]);
  });
});

describe('a write to a server that', () => {
  it.each(numbered)('$name', async ({ i, ...server }) => {
    const words = writes[i % writes.length] ?? [];
    const ran = await writeTo(server, words);
    assertCleanExit(ran);
    expect([words, ran.code, ran.stderr]).toEqual([words, codeOfWrite(server), expect.not.stringMatching(/exists/)]);
  });
});

describe('each command against a server that', () => {
  it.each(numbered)('$name', async ({ i, ...server }) => {
    const some = asking.filter((_, at) => (at + i) % 8 === 0);
    expect((await Promise.all(some.map((words) => faultsAgainst(server, words)))).flat()).toEqual([]);
  });
});
