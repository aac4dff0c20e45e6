import { setMaxListeners } from 'node:events';
import type { Clock } from '../context.js';
import { KapadminError } from '../errors.js';
import type { Secret } from '../model/secret.js';
import type { Reach } from './attempt.js';
import type { Change, SecretRef } from './change.js';
import type { Found } from './found.js';
import { changePolicy } from './policy.js';
import { isCreated, send, shows, type ChangeClient, type SecretSource } from './requests.js';

/** The user that sends the writes: its own password and rights are changed last. */
export interface Login {
  readonly name: string;
  /** A client that logs in with the new password, for what comes after it; who gives it closes it. */
  again(password: Secret): Promise<ChangeClient>;
}

export interface ReachOptions {
  readonly client: ChangeClient;
  /** What was found before the first write, of all users and roles that the changes name. */
  readonly before: Found;
  /** The password or hash of a reference; asked for once for each change, just before it is sent. */
  secret(ref: SecretRef, change: Change): Promise<Secret>;
  readonly clock: Clock;
  /** Aborted with a StopSignal: nothing new is started, what is under way gets `changePolicy.grace`. */
  readonly stop: AbortSignal;
  readonly login?: Login | undefined;
}

/** Aborted some time after `stop`: what is under way then has had its time. */
export function endAfterGrace(stop: AbortSignal, clock: Clock, finished: AbortSignal): AbortSignal {
  const end = new AbortController();
  setMaxListeners(0, stop, end.signal);
  const wait = async (): Promise<void> => {
    await clock.sleep(changePolicy.grace, finished);
    if (!finished.aborted) end.abort(stop.reason);
  };
  if (stop.aborted) void wait();
  else stop.addEventListener('abort', () => void wait(), { once: true, signal: finished });
  return end.signal;
}

/** The secret of a change is asked for once, however often it is sent. */
function remembering(secret: SecretSource): SecretSource {
  const known = new Map<Change, Promise<Secret>>();
  return (ref, change) => {
    const asked = known.get(change) ?? secret(ref, change);
    known.set(change, asked);
    return asked;
  };
}

/** What one change needs of the client, and the switch to the new login once its password was changed. */
export function reachOf(options: ReachOptions, end: AbortSignal): Reach {
  const { before, clock, stop, login } = options;
  const secret = remembering((ref, change) => options.secret(ref, change));
  let client = options.client;

  /** The client of the new login, where a change sets its password. */
  const anew = (change: Change): Promise<ChangeClient> | undefined =>
    change.action === 'change-password' && change.name === login?.name
      ? secret(change.password, change).then((password) => login.again(password))
      : undefined;

  return {
    clock,
    stop,
    end,
    send: async (change) => {
      await send(client, change, secret, end);
      const other = anew(change);
      if (other !== undefined) client = await other;
    },
    matches: (change) => isCreated(client, change, secret, end),
    shows: async (change) => {
      const other = await anew(change);
      if (other === undefined) return shows(client, change, before, secret, end);
      try {
        const seen = await shows(other, change, before, secret, end);
        if (seen === true) client = other;
        return seen;
      } catch (error) {
        if (error instanceof KapadminError && error.kind === 'refused') return false;
        throw error;
      }
    },
  };
}
