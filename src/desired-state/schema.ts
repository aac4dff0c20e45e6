import { permissions as table, presetNames, presets } from '../model/permissions.js';

const permissions = {
  type: ['object', 'null'],
  description: 'Permissions by database; "" means all databases.',
  additionalProperties: {
    type: ['array', 'null'],
    items: { enum: table.map(({ name }) => name) },
    uniqueItems: true,
  },
};

const presetList = {
  type: 'array',
  description: presets.map(({ name, summary }) => `${name}: ${summary}`).join('\n'),
  items: { enum: presetNames },
};

function nameList(description: string): object {
  return { type: ['array', 'null'], description, items: { type: 'string' }, uniqueItems: true };
}

function oneOf(...sources: readonly (readonly [key: string, value: object])[]): object {
  return {
    oneOf: sources.map(([key, value]) => {
      return { type: 'object', properties: { [key]: value }, required: [key], additionalProperties: false };
    }),
  };
}

const env = ['env', { type: 'string', minLength: 1, description: 'The name of an environment variable.' }] as const;
const file = [
  'file',
  { type: 'string', minLength: 1, description: "A path relative to this file's directory." },
] as const;

/** The JSON Schema of a state file: `schemas/state.schema.json` in the package. */
export function stateSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Desired users and roles of an InfluxDB Enterprise cluster (kapadmin)',
    type: ['object', 'null'],
    properties: {
      $schema: { type: 'string' },
      users: {
        type: ['object', 'null'],
        description: 'Users by name.',
        additionalProperties: {
          type: ['object', 'null'],
          properties: {
            password: {
              description: 'Used when the user is created.',
              ...oneOf(env, file, [
                'generate',
                { const: true, description: 'Generated, and saved by --passwords-out.' },
              ]),
            },
            hash: {
              description: 'A password hash instead of a password, if the server accepts one.',
              ...oneOf(env, file, [
                'value',
                { type: 'string', description: 'The hash itself, as export --with-hashes writes it.' },
              ]),
            },
            permissions,
            presets: presetList,
            roles: nameList('Roles that it is a member of.'),
          },
          not: { required: ['password', 'hash'] },
          additionalProperties: false,
        },
      },
      roles: {
        type: ['object', 'null'],
        description: 'Roles by name.',
        additionalProperties: {
          type: ['object', 'null'],
          properties: { permissions, presets: presetList, members: nameList('Users that are members.') },
          additionalProperties: false,
        },
      },
      options: {
        type: ['object', 'null'],
        properties: {
          manage: {
            enum: ['listed', 'all'],
            default: 'listed',
            description:
              'What --prune may remove. listed: permissions and members that the listed users and roles do not have here. all: also users and roles that are not listed.',
          },
          materializeRoles: {
            type: 'boolean',
            default: false,
            description:
              'Grant KapacitorAPI and KapacitorConfigAPI of a role directly to its members, because Kapacitor reads only the user record.',
          },
          absent: {
            type: ['object', 'null'],
            description: 'Removed by --prune.',
            properties: { users: nameList('Users.'), roles: nameList('Roles.') },
            additionalProperties: false,
          },
        },
        additionalProperties: false,
      },
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  };
}
