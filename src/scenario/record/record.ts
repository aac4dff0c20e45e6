import { formatDuration } from '../../kapacitor/go/duration.js';
import { toBinary } from '../../kapacitor/go/utf8.js';
import { bcryptKey } from '../../kapacitor/hash.js';
import { timedOut, verdictOf } from '../../kapacitor/trace.js';
import { KapadminError } from '../../errors.js';
import { Secret } from '../../model/secret.js';
import { readScenario } from '../parse.js';
import { play, type PlayedStep, type PlayTools } from '../play.js';
import { configurationText } from './configuration.js';
import type { Life, Observed } from './life.js';
import { recordNode, userPassword } from './node.js';
import { recordRequest } from './request.js';

type Value = Readonly<Record<string, unknown>>;

/** The beginning of a message whose end only Go says in these words. */
const goTail =
  /^(?:invalid token: (?=json: |invalid character |unexpected |EOF)|retrieving user .* with error: (?=Get |parse |json: |invalid character |unexpected |EOF))/s;

function messageOf(message: string | null): Value {
  const start = goTail.exec(message ?? '')?.[0];
  return start === undefined ? { message } : { messageStarts: start };
}

/** All that came of a step, as an expectation. */
function expectationOf(step: PlayedStep): Value {
  const { verdict, status, message, location, metaRequests, retriedUntilTimeout } = step;
  const requests = metaRequests.map(({ query, ...request }) => ({
    ...request,
    query: Object.fromEntries(
      Object.entries(query).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
    ),
  }));
  return { verdict, status, ...messageOf(message), location, metaRequests: requests, retriedUntilTimeout };
}

/** What Kapacitor responded, as an expectation: the replay, which predicts, does not meet it. */
function expectationOfObserved({ status, message, location }: Observed): Value {
  if (status === 401 || status === 403) return { verdict: 'deny', status, ...wholeMessage(message) };
  if (location !== null && status < 400) return { verdict: 'redirect', status, location };
  return { verdict: 'allow', status: null };
}

/** Only the beginning, where the rest was cut. */
function wholeMessage(message: string | null): Value {
  return message?.endsWith('…') === true ? { messageStarts: message.slice(0, -1) } : { message };
}

const salt = 'abcdefghijklmnopqrstuu';

/** A bcrypt hash that any Kapacitor takes, and quickly. */
async function hashOf(password: string, tools: PlayTools): Promise<string> {
  const key = bcryptKey(toBinary(password));
  return `$2a$04$${salt}${await tools.bcrypt({ want: 'bcrypt', cost: 4, salt, key })}`;
}

function isSame(step: PlayedStep, { trace }: Life['moments'][number]): boolean {
  const { verdict, status } = verdictOf(trace);
  return step.verdict === verdict && step.status === status && step.retriedUntilTimeout === timedOut(trace);
}

/**
 * The scenario that replays a life: what was asked and answered, all secrets made up, and what came of it as its
 * expectations, or what Kapacitor itself responded where that was observed. Throws where the replay comes to another
 * end than the prediction.
 */
export async function recordScenario(name: string, life: Life, tools: PlayTools): Promise<Value> {
  const { request, password: given } = recordRequest(life);
  const password = userPassword(life, given);
  const { meta, changes } = recordNode(life, { password, hash: await hashOf(password, tools) });
  const steps = life.moments.map(({ now }, i) => ({
    at: formatDuration(now),
    ...(changes[i] === undefined ? {} : { meta: changes[i] }),
    request,
  }));
  const scenario = {
    name,
    start: new Date(life.startedAt).toISOString(),
    kapacitor: { config: configurationText(life.settings) },
    ...(meta === undefined ? {} : { meta }),
  };
  const read = await readScenario({ ...scenario, steps }, name, () => Promise.reject(new Error('no file')));
  const played = await play(read, tools);
  const same = played.steps.length === steps.length && played.steps.every((step, i) => isSame(step, life.moments[i]!));
  if (!same) {
    throw new KapadminError('bug', 'record-differs', 'the recorded scenario comes to another end than the login', {
      hint: 'Nothing was written. Please report this request and its trace (-o json).',
    });
  }
  const { observed } = life;
  const expected = (step: PlayedStep): Value =>
    observed === undefined ? expectationOf(step) : expectationOfObserved(observed);
  return { ...scenario, steps: steps.map((step, i) => ({ ...step, expect: expected(played.steps[i]!) })) };
}
