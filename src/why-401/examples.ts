/** The text of each field by its id; fields that are not named are emptied. */
type Example = Readonly<Record<string, string>>;

const config = `[http]
  auth-enabled = true

[auth]
  enabled = true
  cache-expiration = "10m"
  bcrypt-cost = 10
  meta-addr = "meta1:8091"
  meta-username = "kapacitor"
  meta-password = "changeit"
`;

/** Pa5sw0Rd, and after a change n3w-Pa5sw0Rd; cost 6. */
const oldHash = '$2a$06$kapadmin/why401/oldhae/haAioF95G0duXHTepCA9U7SQyFQdR6';
const newHash = '$2a$06$kapadmin/why401/newhaeucj6jS9A2LdgS5Nm30ddp.T7eH/DwDK';

function record(hash: string, permissions: readonly string[]): string {
  return JSON.stringify({ users: [{ name: 'johndoe', hash, permissions: { '': permissions } }] }, null, 2);
}

const login = { config, path: '/kapacitor/v1/tasks', user: 'johndoe', password: 'Pa5sw0Rd' };

export const examples: Readonly<Record<string, Example>> = {
  password: { ...login, password: 'pa5sw0rd', record: record(oldHash, ['KapacitorAPI']) },
  permission: { ...login, path: '/kapacitor/v1/config', record: record(oldHash, ['KapacitorAPI']) },
  cache: {
    ...login,
    record: record(oldHash, ['KapacitorAPI']),
    earlier: 'yes',
    'changed-at': '2m',
    'record-after': record(newHash, ['KapacitorAPI']),
    at: '30m',
  },
  clear: { path: login.path },
};
