import { globalSlots, slots } from './lines.js';

/** A place of a file that may be bad: named on a command line, by a variable or another file, or looked for. */
export interface FilePlace {
  readonly name: string;
  /** Where it lies: below the home directory, `work/` is the working directory. */
  readonly file: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What else lies there; `URL` in a text is that of the meta node. */
  readonly files?: Readonly<Record<string, string>>;
  /** What else names it in an error. */
  readonly also?: readonly string[];
  /** The file comes by standard input: only what it holds can be bad. */
  readonly isStdin?: boolean;
}

const list = ['user', 'list'];
const profileFile = '.config/kapadmin/config.yaml';

/** A place for each word of a command line that is the name of a file. */
const named: readonly FilePlace[] = [...slots, ...globalSlots]
  .filter(({ isFile }) => isFile)
  .map(({ words, at, line }) => {
    return { name: `${words} ${at}`.trim(), file: 'work/bad.yaml', words: line('bad.yaml'), also: [at] };
  });

const variables = ['CONFIG', 'META_PASSWORD_FILE', 'META_SECRET_FILE', 'META_CA', 'META_CERT', 'META_KEY'];
const byVariables: readonly FilePlace[] = [
  ...variables.map((variable): FilePlace => {
    const name = `KAPADMIN_${variable}`;
    return { name, file: 'work/bad.yaml', words: list, env: { [name]: 'bad.yaml' }, also: [name] };
  }),
  {
    name: 'KAPACITOR_CONFIG_PATH',
    file: 'work/bad.conf',
    words: ['config', 'check', '--no-env'],
    env: { KAPACITOR_CONFIG_PATH: 'bad.conf' },
  },
];

const lookedFor: readonly FilePlace[] = [
  ...['yaml', 'yml', 'toml', 'json'].flatMap((ending): FilePlace[] => [
    { name: `own config.${ending}`, file: `.config/kapadmin/config.${ending}`, words: list },
  ]),
  { name: 'own config.yaml that is changed', file: profileFile, words: ['profile', 'remove', 'lab', '--yes'] },
  { name: 'own config.yaml at TAB', file: profileFile, words: ['__complete', '--', 'user', 'show', ''] },
  { name: 'own kapacitor.conf', file: '.kapacitor/kapacitor.conf', words: ['config', 'check', '--no-env'] },
  { name: 'a folder of states', file: 'work/states/bad.yaml', words: ['plan', 'states'] },
];

const profileKeys = ['passwordFile', 'secretFile', 'ca', 'cert', 'key'];
const byFiles: readonly FilePlace[] = [
  ...profileKeys.map((key): FilePlace => {
    const text = `default: lab\nprofiles: { lab: { url: URL, ${key}: bad.pem } }\n`;
    return {
      name: `${key} of a profile`,
      file: '.config/kapadmin/bad.pem',
      words: list,
      files: { [profileFile]: text },
    };
  }),
  ...['password', 'hash'].map((key): FilePlace => {
    const text = `users: { new: { ${key}: { file: bad } } }\n`;
    const words = ['apply', 'state.yaml', '--yes'];
    return { name: `${key} of a state`, file: 'work/bad', words, files: { 'work/state.yaml': text } };
  }),
  {
    name: 'configFile of a scenario',
    file: 'work/bad.conf',
    words: ['auth', 'test', '--scenario', 'scenario.yaml'],
    files: { 'work/scenario.yaml': 'kapacitor: { configFile: bad.conf }\nsteps: []\n' },
  },
  ...['certificate', 'private-key'].map((key): FilePlace => {
    const other = key === 'certificate' ? 'private-key' : 'certificate';
    const text = `[http]\nhttps-enabled = true\nhttps-${key} = "work/bad.pem"\nhttps-${other} = "work/none.pem"\n`;
    const words = ['config', 'check', '--no-env', 'kapacitor.conf'];
    return { name: `https-${key}`, file: 'work/bad.pem', words, files: { 'work/kapacitor.conf': text } };
  }),
];

const piped: readonly FilePlace[] = [
  ['user', 'create', 'new', '--password-stdin'],
  ['user', 'list', '--meta-password-stdin'],
  ['plan', '-'],
  ['apply', '-', '--yes'],
].map((words) => ({
  name: words.join(' '),
  file: 'work/bad.yaml',
  words,
  isStdin: true,
  also: ['stdin', 'standard input'],
}));

export const filePlaces: readonly FilePlace[] = [...named, ...byVariables, ...lookedFor, ...byFiles, ...piped];
