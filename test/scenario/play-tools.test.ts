import bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/meta/client.js';
import { files } from '../../src/files/files.js';
import { type PlayedScenario, playScenario } from '../../src/scenario/play.js';
import { createPlayTools } from '../../src/scenario/play-tools.js';
import { johndoe, read, scenario, tasks } from './player.js';

async function verdicts(passwords: readonly string[], user: object): Promise<readonly string[]> {
  const steps = passwords.map((password, i) => ({ at: `${i * 10}m`, request: { ...tasks, password } }));
  const played: PlayedScenario = await playScenario(
    await read(scenario(steps, { users: [user] })),
    createPlayTools({ files, clock: systemClock }),
  );
  return played.steps.map(({ verdict }) => verdict);
}

const long = 'x'.repeat(72);

describe('the hashes of a player', () => {
  it.each([
    { kind: 'of a password', of: (password: string) => ({ ...johndoe, password }) },
    {
      kind: 'given in the scenario',
      of: (password: string) => ({
        name: 'johndoe',
        hash: bcrypt.hashSync(password, 4),
        permissions: johndoe.permissions,
      }),
    },
  ])('$kind: fit what bcrypt takes for the same, and nothing else', async ({ of }) => {
    expect(await verdicts(['right', 'wrong', '', 'right'], of('right'))).toEqual(['allow', 'deny', 'deny', 'allow']);
    expect(await verdicts([`${long}tail`, long, long.slice(1)], of(long))).toEqual(['allow', 'allow', 'deny']);
    expect(await verdicts(['a\0a', 'a'], of('a'))).toEqual(['allow', 'allow']);
  });
});
