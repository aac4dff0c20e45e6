import { describe, expect, it } from 'vitest';
import { applyChange, type ChangeTransport } from '../../src/mutations/retry-change.js';
import { executionPolicy } from '../../src/mutations/execution-policy.js';
import type { Change } from '../../src/mutations/change.js';
import { type ErrorKind, KapadminError } from '../../src/errors.js';
import { type DeliveryStatus, MetaError } from '../../src/meta/errors.js';
import { virtualClock } from './virtual-clock.js';

const create: Change = { on: 'user', name: 'ann', action: 'create', password: { from: 'given' } };
const remove: Change = { on: 'user', name: 'ann', action: 'delete' };
const grant: Change = {
  on: 'user',
  name: 'ann',
  action: 'add-permissions',
  permissions: [{ scope: '', permissions: ['ReadData'] }],
};

function fault(kind: ErrorKind, deliveryStatus: DeliveryStatus, status?: number): MetaError {
  return new MetaError(kind, kind, `it failed (${kind})`, {
    method: 'POST',
    url: 'http://meta/user',
    deliveryStatus,
    status,
  });
}

const lost = fault('unreachable', 'unknown');
const down = fault('unreachable', 'not-sent');
const exists = fault('exists', 'responded', 400);
const missing = fault('not-found', 'responded', 404);
const forbidden = fault('refused', 'responded', 403);
const broken = fault('server', 'unknown', 500);

interface Script {
  /** Of each send, the last one again and again; undefined: it works. */
  readonly sends: readonly (KapadminError | undefined)[];
  /** Of each read, likewise. */
  readonly reads?: readonly (boolean | undefined | KapadminError)[];
  /** What is there is what a create would have made: of each read for it. */
  readonly matches?: readonly (boolean | undefined)[];
}

interface Played extends ChangeTransport {
  readonly calls: string[];
  stopWith(reason: string): void;
}

function play({ sends, reads = [false], matches = [false] }: Script): Played {
  const calls: string[] = [];
  const stop = new AbortController();
  const end = new AbortController();
  const count = (what: string): number => calls.filter((call) => call === what).length;
  const nth = <T>(list: readonly T[], n: number): T | undefined => (n < list.length ? list[n] : list.at(-1));
  return {
    calls,
    clock: virtualClock(),
    stop: stop.signal,
    end: end.signal,
    stopWith: (reason) => stop.abort(reason),
    send: async () => {
      const error = nth(sends, count('send'));
      calls.push('send');
      if (error !== undefined) throw error;
    },
    matches: async () => {
      const same = nth(matches, count('match'));
      calls.push('match');
      return same;
    },
    isVisible: async () => {
      const seen = nth(reads, count('read'));
      calls.push('read');
      if (seen instanceof KapadminError) throw seen;
      return seen;
    },
  };
}

describe('verdict 36: a change whose end an earlier run has reached', () => {
  it('is unchanged where what exists is as desired', async () => {
    const transport = play({ sends: [exists], matches: [undefined, undefined, true] });
    expect(await applyChange(create, transport)).toEqual({ status: 'unchanged' });
    expect(transport.calls).toEqual(['send', 'match', 'match', 'match']);
  });

  it('is a conflict where it exists otherwise', async () => {
    expect(await applyChange(create, play({ sends: [exists] }))).toEqual({ status: 'failed', error: exists });
  });

  it('is a conflict where no read shows it for as long as reads lag', async () => {
    const transport = play({ sends: [exists], matches: [undefined] });
    expect(await applyChange(create, transport)).toEqual({ status: 'failed', error: exists });
    expect(transport.calls.length).toBeGreaterThan(5);
  });

  it('is unchanged where what was to be deleted is gone', async () => {
    expect(await applyChange(remove, play({ sends: [missing] }))).toEqual({ status: 'unchanged' });
  });
});

describe('a change', () => {
  it('that is answered is sent once and not read', async () => {
    const transport = play({ sends: [undefined] });
    expect(await applyChange(create, transport)).toEqual({ status: 'done' });
    expect(transport.calls).toEqual(['send']);
  });

  it.each([down, forbidden])('has failed when its first answer is $kind', async (error) => {
    const transport = play({ sends: [error] });
    expect(await applyChange(create, transport)).toEqual({ status: 'failed', error });
    expect(transport.calls).toEqual(['send']);
  });

  it('of unknown fate is not sent again when a read shows it', async () => {
    const transport = play({ sends: [lost], reads: [false, false, true] });
    expect(await applyChange(create, transport)).toEqual({ status: 'done' });
    expect(transport.calls).toEqual(['send', 'read', 'read', 'read']);
  });

  it('of unknown fate is sent again when reads do not show it for as long as they may lag', async () => {
    const transport = play({ sends: [lost, undefined] });
    expect(await applyChange(create, transport)).toEqual({ status: 'done' });
    expect(transport.calls.filter((call) => call === 'send')).toHaveLength(2);
    expect(transport.calls.filter((call) => call === 'read')).toHaveLength(
      executionPolicy.readLag / executionPolicy.pollInterval + 1,
    );
  });

  it('that meets its own first try is done: "already exists" after an unknown create', async () => {
    const transport = play({ sends: [lost, exists], reads: [false] });
    expect(await applyChange(create, transport)).toEqual({ status: 'done' });
  });

  it('that meets its own first try is done: "not found" after an unknown delete', async () => {
    expect(await applyChange(remove, play({ sends: [lost, missing], reads: [false] }))).toEqual({ status: 'done' });
  });

  it('that may be sent twice is sent again without a read', async () => {
    const transport = play({ sends: [lost, lost, undefined] });
    expect(await applyChange(grant, transport)).toEqual({ status: 'done' });
    expect(transport.calls).toEqual(['send', 'send', 'send']);
  });

  it('that was refused after a try of unknown fate is looked for', async () => {
    expect(await applyChange(grant, play({ sends: [lost, forbidden], reads: [true] }))).toEqual({ status: 'done' });
    const refused = await applyChange(grant, play({ sends: [lost, forbidden], reads: [false] }));
    expect(refused).toEqual({ status: 'failed', error: forbidden });
  });

  it('stays unknown when neither sending nor reading gives a result, and its sends are counted', async () => {
    const transport = play({ sends: [lost] });
    expect(await applyChange(grant, transport)).toEqual({ status: 'unknown', error: lost });
    expect(transport.calls.filter((call) => call === 'send')).toHaveLength(executionPolicy.maxRepeats + 1);
  });

  it.each([
    [0, grant, ['send', 'read']],
    [0, create, ['send', 'read']],
    [2, grant, ['send', 'send', 'send', 'read', 'read', 'read']],
  ])('is sent again at most %s times where that is the limit', async (maxRepeats, change, calls) => {
    const transport = { ...play({ sends: [lost], reads: [down] }), maxRepeats };
    expect(await applyChange(change, transport)).toEqual({ status: 'unknown', error: lost });
    expect(transport.calls).toEqual(calls);
  });

  it('is neither sent nor read again after the time limit, where every request uses up its timeout', async () => {
    const slow = play({ sends: [lost], reads: [down] });
    const timeout = 10_000;
    const began = slow.clock.now();
    const after = async <T>(work: () => Promise<T>): Promise<T> => {
      await slow.clock.sleep(timeout, slow.end);
      return work();
    };
    const { send, isVisible } = slow;
    const transport: ChangeTransport = {
      ...slow,
      send: (change) => after(() => send(change)),
      isVisible: (change) => after(() => isVisible(change)),
    };
    expect(await applyChange(grant, transport)).toEqual({ status: 'unknown', error: lost });
    expect(slow.clock.now() - began).toBeLessThan(executionPolicy.giveUpMs + 2 * timeout);
    expect(slow.calls).toEqual(['send', 'send', 'send', 'read']);
  });

  it('is not sent again when it cannot be looked for', async () => {
    const transport = play({ sends: [lost], reads: [down] });
    expect(await applyChange(create, transport)).toEqual({ status: 'unknown', error: lost });
    expect(transport.calls.filter((call) => call === 'send')).toHaveLength(1);
    expect(transport.calls.filter((call) => call === 'read')).toHaveLength(executionPolicy.maxFailedReads + 1);
  });

  it('of a password that a read cannot verify stays unknown', async () => {
    const password: Change = { on: 'user', name: 'ann', action: 'change-password', password: { from: 'given' } };
    const outcome = await applyChange(password, play({ sends: [lost], reads: [undefined] }));
    expect(outcome).toEqual({ status: 'unknown', error: lost });
  });

  it('that the server answers with its own error has failed when reads do not show it', async () => {
    const transport = play({ sends: [broken] });
    expect(await applyChange(create, transport)).toEqual({ status: 'failed', error: broken });
    expect(transport.calls.filter((call) => call === 'send')).toHaveLength(executionPolicy.maxRepeatsOfErrors + 1);
  });

  it('that the server answers with its own error is done when a read shows it', async () => {
    expect(await applyChange(create, play({ sends: [broken], reads: [true] }))).toEqual({ status: 'done' });
  });

  it('that was lost before it was answered with an error stays unknown', async () => {
    const outcome = await applyChange(create, play({ sends: [lost, broken] }));
    expect(outcome).toEqual({ status: 'unknown', error: lost });
  });

  it('of unknown fate is only looked for once stopped', async () => {
    for (const change of [create, grant]) {
      const transport = play({ sends: [lost] });
      transport.stopWith('SIGINT');
      expect(await applyChange(change, transport)).toEqual({ status: 'unknown', error: lost });
      expect(transport.calls.filter((call) => call === 'send')).toHaveLength(1);
      expect(transport.calls).toContain('read');
    }
  });

  it('that was stopped before it was sent was not started', async () => {
    const outcome = await applyChange(create, play({ sends: [fault('interrupted', 'not-sent')] }));
    expect(outcome).toEqual({ status: 'not-started' });
  });

  it('whose password cannot be had has failed, with nothing sent', async () => {
    const full = new KapadminError('usage', 'cannot-write-file', 'no space left on the device');
    const { code } = full;
    expect(await applyChange(create, play({ sends: [full] }))).toMatchObject({
      status: 'failed',
      error: {
        kind: 'usage',
        code,
        message: expect.stringMatching(/^cannot create user \w+: no space left on the device$/),
      },
    });
  });

  it('with a bug in it says so', async () => {
    const transport = play({ sends: [] });
    const bug = { ...transport, send: () => Promise.reject(new TypeError('no such thing')) };
    await expect(applyChange(create, bug)).rejects.toThrow('no such thing');
  });
});
