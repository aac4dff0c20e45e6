import { describe, expect, it } from 'vitest';
import { runLine } from '../run.js';

async function hintOf(words: string): Promise<string | undefined> {
  const { code, stderr } = await runLine(words.split(' '));
  expect(code).toBe(2);
  return stderr.split('\n')[1];
}

describe('verdict 19: wrong words lead to the right ones', () => {
  it.each([
    ['user add joe', 'Did you mean "kapadmin user create"?'],
    ['user new joe', 'Did you mean "kapadmin user create"?'],
    ['user rm joe', 'Did you mean "kapadmin user delete"?'],
    ['user remove joe', 'Did you mean "kapadmin user delete"?'],
    ['user ls', 'Did you mean "kapadmin user list"?'],
    ['user get joe', 'Did you mean "kapadmin user show"?'],
    ['user password joe', 'Did you mean "kapadmin user passwd"?'],
    ['role rm r', 'Did you mean "kapadmin role delete"?'],
    ['role mv a b', 'Did you mean "kapadmin role rename"?'],
    ['profile create x', 'Did you mean "kapadmin profile add"?'],
    ['profile rm x', 'Did you mean "kapadmin profile remove"?'],
    ['profile delete x', 'Did you mean "kapadmin profile remove"?'],
    ['config validate k.conf', 'Did you mean "kapadmin config check"?'],
    ['permission explain KapacitorAPI', 'Did you mean "kapadmin permission show"?'],
    ['user lst', 'Did you mean "kapadmin user list"?'],
    ['users list', 'Did you mean "kapadmin user list"?'],
    ['users', 'Did you mean "kapadmin user"?'],
    ['users lst', 'Did you mean "kapadmin user list"?'],
    ['users rm joe', 'Did you mean "kapadmin user delete"?'],
    ['usr lst', 'Did you mean "kapadmin user list"?'],
    ['roles add-user r joe', 'Did you mean "kapadmin role add-users"?'],
    ['users -q', 'Did you mean "kapadmin user"?'],
    ['-q users lst', 'Did you mean "kapadmin user list"?'],
    ['list users', 'Did you mean "kapadmin user list"?'],
    ['create user joe', 'Did you mean "kapadmin user create"?'],
    ['rm role ops', 'Did you mean "kapadmin role delete"?'],
    ['can-i joe GET /x', 'Did you mean "kapadmin auth can-i"?'],
    ['whocan GET /x', 'Did you mean "kapadmin auth who-can"?'],
    ['passwd joe', 'Did you mean "kapadmin user passwd"?'],
    ['grant joe KapacitorAPI', 'See kapadmin --help.'],
    ['auth can-i --state f joe GET /x', '--state takes all words up to the next flag: put it after the other words.'],
    ['auth can-i joe --state f GET /x', '--state takes all words up to the next flag: put it after the other words.'],
    ['auth who-can --state f GET /x', '--state takes all words up to the next flag: put it after the other words.'],
    ['auth can-i --state f', 'See kapadmin auth can-i --help.'],
    ['docter', 'Did you mean "kapadmin doctor"?'],
    ['diff state.yaml', 'Did you mean "kapadmin plan"?'],
    ['user list --host http://m', 'Did you mean --meta-url?'],
    ['user list --url http://m', 'Did you mean --meta-url?'],
    ['user list --meta-password x', 'Did you mean --meta-password-file?'],
    ['user list --password x', 'Did you mean --meta-password-file?'],
    ['user create joe --meta-user x', 'Did you mean --meta-username?'],
    ['user list -p=x', 'Did you mean --meta-password-file?'],
    ['user list --insecure', 'Did you mean --meta-insecure-skip-verify?'],
    ['user list --format json', 'Did you mean --output?'],
    ['user grant joe ReadData --database d', 'Did you mean --db?'],
    ['user list --rol x', 'Did you mean --role?'],
    ['frobnicate', 'See kapadmin --help.'],
    ['user frobnicate', 'See kapadmin user --help.'],
    ['user grant -x KapacitorAPI', 'See kapadmin user grant --help. A name that begins with - goes after --.'],
    ['user list --frobnicate', 'See kapadmin user list --help.'],
    ['user constructor', 'See kapadmin user --help.'],
    ['user list --profile', 'See kapadmin --help.'],
  ])('%s', async (words, hint) => {
    expect(await hintOf(words)).toBe(hint);
  });

  it('the value of a wrong flag is not shown', async () => {
    const { stderr } = await runLine(['user', 'list', '--meta-password=hush-hush']);
    expect(stderr).toBe("error: unknown option '--meta-password=***'\nDid you mean --meta-password-file?\n");
  });
});

describe('verdict 18: a flag of the connection that is given twice', () => {
  it.each([
    ['--config', ['--config', 'a.yaml', '--config', 'b.yaml']],
    ['--meta-username', ['--meta-username', 'a', '--meta-username', 'b']],
    ['--meta-password-file', ['--meta-password-file', 'a', '--meta-password-file', 'b']],
    ['--timeout', ['--timeout', '1s', '--timeout', '2s']],
  ])('%s is refused', async (flag, words) => {
    const { code, stderr } = await runLine(['user', 'list', ...words]);
    expect([code, stderr]).toEqual([2, `error: ${flag} was given twice\nUse it once.\n`]);
  });

  it('--meta-url may be', async () => {
    const words = ['--meta-url', 'http://127.0.0.1:9', '--meta-url', 'http://127.0.0.1:7', '--retries', '0'];
    expect((await runLine(['user', 'list', ...words])).code).toBe(3);
  });
});
