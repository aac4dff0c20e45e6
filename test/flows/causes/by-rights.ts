import { authTest, type Cause } from './cause.js';
import { person } from './stage.js';

const tasks = '/kapacitor/v1/tasks';

function role(permissions: Readonly<Record<string, readonly string[]>>) {
  return { name: 'operators', permissions: new Map(Object.entries(permissions)), users: ['johndoe'] };
}

const api = { '': ['KapacitorAPI'] };

/** Refusals of a user who has logged in. */
export const byRights: readonly Cause[] = [
  {
    cause: 'a right that comes only through a role, by auth test',
    setup: { users: [person('johndoe', {})], roles: [role(api)] },
    request: { path: tasks, user: 'johndoe' },
    refused: 403,
    finds: () => authTest({ path: tasks, user: 'johndoe' }),
    names: ['only through role operators', 'kapadmin user grant johndoe KapacitorAPI'],
  },
  {
    cause: 'a right that comes only through a role, by doctor',
    setup: { users: [person('johndoe', {})], roles: [role(api)] },
    request: { path: tasks, user: 'johndoe' },
    refused: 403,
    finds: () => ['doctor'],
    names: ['right-only-by-role', 'johndoe has KapacitorAPI through operators.'],
  },
  {
    cause: 'a right for another endpoint only',
    setup: { users: [person('johndoe', api)] },
    request: { path: '/kapacitor/v1/config', user: 'johndoe' },
    refused: 403,
    finds: () => authTest({ path: '/kapacitor/v1/config', user: 'johndoe' }),
    names: [/^403 /m, 'KapacitorAPI excludes the configuration'],
  },
  {
    cause: 'no right at all',
    setup: { users: [person('johndoe', { '': ['Monitor'] })] },
    request: { path: tasks, user: 'johndoe' },
    refused: 403,
    finds: () => authTest({ path: tasks, user: 'johndoe' }),
    names: ['johndoe has no Kapacitor permission'],
  },
  {
    cause: 'a preview path, which needs a right of its own',
    setup: { users: [person('johndoe', { '': ['KapacitorConfigAPI'] })] },
    request: { path: '/kapacitor/v1preview/alerts/topics', user: 'johndoe' },
    refused: 403,
    finds: () => authTest({ path: '/kapacitor/v1preview/alerts/topics', user: 'johndoe' }),
    names: ['/api/preview/alerts/topics'],
  },
  {
    cause: 'a write to the wrong database',
    setup: { users: [person('johndoe', { telegraf: ['WriteData'] })] },
    request: { method: 'POST', path: '/kapacitor/v1/write?db=other', user: 'johndoe' },
    refused: 401,
    finds: () => authTest({ method: 'POST', path: '/kapacitor/v1/write?db=other', user: 'johndoe' }),
    names: ['WriteData on telegraf only', 'kapadmin user grant johndoe WriteData --db other'],
  },
];
