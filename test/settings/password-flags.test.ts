import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/output/logger.js';
import { plainStyle } from '../../src/output/style.js';
import type { GlobalFlags } from '../../src/settings/flags.js';
import {
  addPasswordFlags,
  readPassword,
  type PasswordReaderContext,
  type PasswordFlags,
  type PasswordOptions,
} from '../../src/settings/password-flags.js';
import { Secret } from '../../src/model/secret.js';
import { makeTestContext, type TestContext, type TestOptions } from '../context.js';

interface Asked extends TestOptions {
  readonly flags?: PasswordFlags;
  readonly global?: GlobalFlags;
  readonly options?: PasswordOptions;
  /** What a person types. */
  readonly typed?: string;
}

interface Given {
  readonly password: string;
  readonly generated: boolean;
  readonly asked: readonly string[];
  readonly context: TestContext;
}

async function ask({
  flags = {},
  global = {},
  options = { twice: true },
  typed = 'typed',
  ...world
}: Asked): Promise<Given> {
  const context = makeTestContext(world);
  const asked: string[] = [];
  const answer = (how: string) => (question: string) => {
    asked.push(`${how}: ${question}`);
    return Promise.resolve(new Secret(typed));
  };
  const none = (): never => {
    throw new Error('nobody asks for that');
  };
  const readerContext: PasswordReaderContext = {
    context,
    flags: global,
    logger: createLogger((text) => context.io.err(text), plainStyle, {}),
    prompter: () =>
      Promise.resolve({
        text: none,
        confirmByTyping: none,
        choose: none,
        newPassword: answer('twice'),
        password: answer('once'),
      }),
  };
  const { secret, generated } = await readPassword(flags, readerContext, 'Password of joe', options);
  return { password: secret.reveal(), generated, asked, context };
}

describe('the flags of a password', () => {
  it.each([
    [['--password-stdin'], { passwordStdin: true }],
    [['--password-file', 'f'], { passwordFile: 'f' }],
    [['--password-env', 'N'], { passwordEnv: 'N' }],
    [['--password', '-x'], { password: '-x' }],
    [['--generate'], { generate: true }],
  ])('%j is %j', (words, flags) => {
    const command = new Command();
    addPasswordFlags(command, "the user's password", { generate: true });
    expect(command.parse(words, { from: 'user' }).opts()).toEqual(flags);
  });

  it('have --generate only where a command asks for it', () => {
    const command = new Command();
    addPasswordFlags(command, "the user's password");
    expect(command.options.map(({ long }) => long)).not.toContain('--generate');
  });
});

describe('a password', () => {
  it('comes from standard input, less one line end', async () => {
    expect((await ask({ flags: { passwordStdin: true }, stdin: 'p w\n' })).password).toBe('p w');
  });

  it('comes from a file below the working directory', async () => {
    const { context } = await ask({ terminal: true });
    await context.files.writeFileAtomic(`${context.cwd}/pw`, 'filed\r\n', 0o600);
    expect((await ask({ cwd: context.cwd, flags: { passwordFile: 'pw' } })).password).toBe('filed');
  });

  it('comes from a variable, as it stands', async () => {
    expect((await ask({ flags: { passwordEnv: 'PW' }, env: { PW: ' x\n' } })).password).toBe(' x\n');
  });

  it('on the command line works and warns', async () => {
    const { password, context } = await ask({ flags: { password: 'hush-hush' } });
    expect(password).toBe('hush-hush');
    expect(context.stderr()).toBe(
      'warning: the value of --password is visible in the process list and in the shell history\n',
    );
  });

  it('is asked for on a terminal, twice for a new one', async () => {
    expect(await ask({ terminal: true })).toMatchObject({ password: 'typed', asked: ['twice: Password of joe'] });
    expect((await ask({ terminal: true, options: { twice: false } })).asked).toEqual(['once: Password of joe']);
  });

  it('is made where it should be', async () => {
    const { password, generated } = await ask({ flags: { generate: true } });
    expect([password.length, generated]).toEqual([24, true]);
  });

  it.each([
    [72, ''],
    [73, 'warning: the password has 73 bytes; bcrypt uses only the first 72\n'],
  ])('of %i bytes is warned about as it should', async (bytes, warning) => {
    const { context } = await ask({ flags: { passwordStdin: true }, stdin: `${'x'.repeat(bytes - 2)}ä` });
    expect(context.stderr()).toBe(warning);
  });

  it('of several lines is used whole, which is said', async () => {
    const { password, context } = await ask({ flags: { passwordStdin: true }, stdin: 'one\ntwo\n' });
    expect(password).toBe('one\ntwo');
    expect(context.stderr()).toBe(
      'warning: the password of --password-stdin has more than one line: all of it is used\n',
    );
  });

  it.each<[string, Asked, string, readonly string[]]>([
    [
      'from two sources',
      { flags: { passwordStdin: true, generate: true } },
      'two-passwords',
      ['--password-stdin and --generate'],
    ],
    [
      "beside the connection's on one standard input",
      { flags: { passwordStdin: true }, global: { metaPasswordStdin: true } },
      'two-passwords-on-stdin',
      ['--password-stdin and --meta-password-stdin', '--password-file or --meta-password-file'],
    ],
    ['from nowhere, without a terminal', {}, 'no-password', ['--password-stdin, --password-file or --password-env']],
    [
      'from nowhere, where one could be made',
      { options: { twice: true, generate: true } },
      'no-password',
      ['--password-env or --generate'],
    ],
    ['from nowhere, with stderr in a file', { terminal: { stdin: true } }, 'no-password', []],
    ['from a variable that is not set', { flags: { passwordEnv: 'PW' } }, 'no-variable', ['"PW"']],
    ['from a file that is not there', { flags: { passwordFile: '/nope' } }, 'cannot-read-file', ['--password-file']],
    ['that is empty', { flags: { passwordStdin: true } }, 'empty-password', ['--password-stdin']],
    ['that is typed empty', { terminal: true, typed: '' }, 'empty-password', []],
  ])('%s is refused', async (_, asked, code, words) => {
    const error: unknown = await ask(asked).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ kind: 'usage', code });
    const { message, hint } = error as { message: string; hint: string | undefined };
    for (const word of words) expect(`${message}\n${hint}`).toContain(word);
  });

  it('may be empty where the command allows it', async () => {
    expect((await ask({ flags: { password: '' }, options: { twice: false, empty: true } })).password).toBe('');
  });
});
