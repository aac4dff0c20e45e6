import { formatDuration } from '../../go-compat/duration.js';
import { toBinary } from '../../go-compat/utf8.js';
import { bcryptKey } from '../../auth-engine/bcrypt-hash.js';
import { timedOut, verdictOf } from '../../auth-engine/trace.js';
import { KapadminError } from '../../errors.js';
import { readScenario } from '../parse.js';
import { play, type PlayedStep, type PlayTools } from '../play.js';
import { configurationText } from './configuration.js';
import { userPassword, type Life, type Observed } from './life.js';
import { recordResponses } from './node.js';
import { recordRequest } from './request.js';

type Value = Readonly<Record<string, unknown>>;

/** What Kapacitor responded, as an expectation that the replay, which predicts, does not meet. */
function observedExpectation({ status, message, location }: Observed, predicted: PlayedStep): Value {
  if (status === 401 || status === 403) {
    const isCut = message?.endsWith('…') === true;
    return { verdict: 'deny', status, ...(isCut ? { messageStarts: message.slice(0, -1) } : { message }) };
  }
  if (location !== null && status < 400) return { verdict: 'redirect', status, location };
  return predicted.verdict === 'allow' ? { status } : { verdict: 'allow', status: null };
}

function expectation(played: PlayedStep, observed: Observed | undefined): Value {
  const { verdict, status, message, location } = played;
  return observed === undefined ? { verdict, status, message, location } : observedExpectation(observed, played);
}

const salt = 'abcdefghijklmnopqrstuu';

/** A bcrypt hash that any Kapacitor takes, and quickly. */
async function hashOf(password: string, tools: PlayTools): Promise<string> {
  const key = bcryptKey(toBinary(password));
  return `$2a$04$${salt}${await tools.bcrypt({ want: 'bcrypt', cost: 4, salt, key })}`;
}

function isSame(step: PlayedStep | undefined, { trace }: Life['moments'][number]): boolean {
  const { verdict, status } = verdictOf(trace);
  return step?.verdict === verdict && step.status === status && step.retriedUntilTimeout === timedOut(trace);
}

/**
 * The scenario that replays a life: the version, the request and the responses of the meta node, all secrets replaced,
 * and what came of it as its expectations, or what Kapacitor itself responded where that was observed. Throws where the
 * replay comes to another end than the prediction.
 */
export async function recordScenario(name: string, life: Life, tools: PlayTools): Promise<Value> {
  const { request, password: sent } = recordRequest(life);
  const password = userPassword(life, sent);
  const secret = { password, hash: await hashOf(password, tools) };
  const steps = life.moments.map(({ now, trace }) => {
    const responses = recordResponses(life, trace, secret);
    return { at: formatDuration(now), ...(responses.length === 0 ? {} : { meta: { responses } }), request };
  });
  const scenario = {
    name,
    version: life.version.name,
    start: new Date(life.startedAt).toISOString(),
    kapacitor: { config: configurationText(life.settings) },
  };
  const read = await readScenario({ ...scenario, steps }, name, () => Promise.reject(new Error('no file')));
  const played = (await play(read, tools)).steps;
  if (!life.moments.every((moment, i) => isSame(played[i], moment))) {
    throw new KapadminError('bug', 'record-differs', 'the recorded scenario comes to another end than the login', {
      hint: 'Nothing was written. Please report this request and its trace (-o json).',
    });
  }
  return { ...scenario, steps: steps.map((step, i) => ({ ...step, expect: expectation(played[i]!, life.observed) })) };
}
