import { createHmac } from 'node:crypto';
import { authTest, type Cause } from './cause.js';
import { johns, person, type Request } from './stage.js';

const tasks = '/kapacitor/v1/tasks';
const users = [person('johndoe', { '': ['KapacitorAPI'] })];
const johndoe: Request = { path: tasks, user: 'johndoe' };
const secret = 'a secret of more than 32 bytes, really';

function bearer(claims: object, key: string): Request {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = createHmac('sha256', key).update(text).digest('base64url');
  return { path: tasks, header: ['Authorization', `Bearer ${text}.${signature}`] };
}

const later = Math.floor(Date.now() / 1000) + 300;
const right = bearer({ username: 'johndoe', exp: later }, secret);

/** Takes the printed form of a URL with credentials, fills it in and reads the account out of it. */
function filledIn(output: string): Promise<Request> {
  const [, form = ''] = /To send credentials: (http:\S+:9092)/.exec(output) ?? [];
  const url = new URL(form.replace('USER', 'johndoe').replace('PASSWORD', encodeURIComponent(johns)));
  return Promise.resolve({ path: tasks, user: url.username, password: decodeURIComponent(url.password) });
}

function withHeader(value: string): Request {
  return { path: tasks, header: ['Authorization', value] };
}

function credentials(cause: string, request: Request, ...names: readonly (string | RegExp)[]): Cause {
  const fix: Cause['fix'] = (_, output) => filledIn(output);
  return { cause, setup: { users }, request, refused: 401, finds: () => authTest(request), names, fix };
}

function token(cause: string, request: Request, ...names: readonly (string | RegExp)[]): Cause {
  const fix = () => Promise.resolve(right);
  return { cause, setup: { users }, request, refused: 401, finds: () => authTest(request), names, fix };
}

/** Refusals that lie in what the request shows of its sender. */
export const byCredentials: readonly Cause[] = [
  credentials('no credentials', { path: tasks }, 'no credentials sent'),
  credentials('credentials that are no base64', withHeader('Basic !!!'), 'is not valid base64'),
  credentials('credentials without a colon', withHeader('Basic am9obg=='), 'has no ":"'),
  credentials('another scheme', withHeader('Digest username="johndoe"'), 'has an unknown scheme'),
  credentials('an empty user name', withHeader('Basic OnB3'), 'the user name in the credentials is empty'),
  token(
    'a token of another secret',
    bearer({ username: 'johndoe', exp: later }, 'other'),
    'sign it with [http] shared-secret',
  ),
  token('a token that has expired', bearer({ username: 'johndoe', exp: 1 }, secret), 'compare the clocks'),
  token('a token without an end', bearer({ username: 'johndoe' }, secret), 'give it an "exp" claim'),
  token('a token of nobody', bearer({ exp: later }, secret), 'give it a "username" claim'),
  {
    ...token('a name that is alone in the query', { path: `${tasks}?u=johndoe` }, 'no credentials sent'),
    fix: () => Promise.resolve(johndoe),
  },
];
