/** What a word stands for, where it is not a word of the command line itself. */
export type Kind =
  'user' | 'role' | 'permission' | 'profile' | 'finding' | 'method' | 'path' | 'output' | 'preset' | 'shell';

/** What the names of a command stand for, in their order; the last one repeats. */
export const positions: Readonly<Record<string, readonly Kind[]>> = {
  'user show': ['user'],
  'user delete': ['user'],
  'user passwd': ['user'],
  'user rotate': ['user'],
  'user grant': ['user', 'permission'],
  'user revoke': ['user', 'permission'],
  'role show': ['role'],
  'role delete': ['role'],
  'role rename': ['role'],
  'role grant': ['role', 'permission'],
  'role revoke': ['role', 'permission'],
  'role add-users': ['role', 'user'],
  'role remove-users': ['role', 'user'],
  'permission show': ['permission'],
  'profile show': ['profile'],
  'profile use': ['profile'],
  'profile remove': ['profile'],
  'auth can-i': ['user', 'method', 'path'],
  'auth who-can': ['method', 'path'],
  explain: ['finding'],
  completion: ['shell'],
};

/** What the value of a flag stands for, in whatever command. */
export const flagKinds: Readonly<Record<string, Kind>> = {
  '--output': 'output',
  '--profile': 'profile',
  '--role': 'role',
  '--user': 'user',
  '--except': 'user',
  '--grant': 'permission',
  '--permission': 'permission',
  '--preset': 'preset',
  '--method': 'method',
};
