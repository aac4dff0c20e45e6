import { describe, expect, it } from 'vitest';
import { asking, codeOfWrite, faultsAgainst, writes, writeTo } from '../fuzz/against-bad-servers.js';
import { badServers } from '../fuzz/bad-servers.js';
import { assertCleanExit } from '../fuzz/clean-exit.js';

describe('every command against a server that', () => {
  it.each(badServers)('$name', async (server) => {
    const faults: string[] = [];
    for (const words of asking) faults.push(...(await faultsAgainst(server, words)));
    expect(faults).toEqual([]);
  });
});

describe('every write to a server that', () => {
  it.each(badServers)('$name', async (server) => {
    for (const words of writes) {
      const ran = await writeTo(server, words);
      assertCleanExit(ran);
      expect([words, ran.code]).toEqual([words, codeOfWrite(server)]);
    }
  });
});
