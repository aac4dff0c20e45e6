import { readFileSync } from 'node:fs';
import { spawn } from '@lydell/node-pty';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { createPrompter } from '../../src/prompt/prompter.js';
import { makeTestContext, type TestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { openTerminal, type Terminal } from '../flows/harness.js';
import { bin, cleanEnv } from '../flows/harness/program.js';

const file = '.config/kapadmin/config.yaml';
const two = 'default: lab\nprofiles:\n  lab: { url: "http://lab" }\n  "a\\tb": {}\n';
const adding = ['profile', 'add', 'lab', '--meta-url', 'http://h', '--meta-username', 'joe'];
const hidden = 'Password of the meta account joe';

/** The state in which a terminal must be left. */
function expectSane(terminal: Terminal): void {
  const raw = terminal.raw();
  expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(raw.lastIndexOf('\u001b[?25l'));
}

describe('a question on a terminal', () => {
  it('takes the name that is typed', async () => {
    const home = makeFolder({ [file]: two });
    const terminal = await openTerminal(['profile', 'remove', 'lab'], { home });
    await terminal.sees('Type the name lab to confirm removing this profile');
    terminal.type('lab');
    terminal.press('enter');
    expect(await terminal.ended).toBe(0);
    expectSane(terminal);
    expect(readFileSync(`${home}/${file}`, 'utf8')).not.toContain('lab');
  });

  it('takes what it shows for a name that cannot be typed', async () => {
    const terminal = await openTerminal(['profile', 'remove', 'a\tb'], { home: makeFolder({ [file]: two }) });
    await terminal.sees('Type the name a\\x09b to confirm removing');
    terminal.type('a\\x09b');
    terminal.press('enter');
    expect(await terminal.ended).toBe(0);
  });

  it('refuses another name, and nothing is done', async () => {
    const home = makeFolder({ [file]: two });
    const terminal = await openTerminal(['profile', 'remove', 'lab'], { home });
    await terminal.sees('Type the name');
    terminal.type('lob');
    terminal.press('enter');
    expect(await terminal.ended).toBe(2);
    await terminal.sees('not confirmed: nothing was removed');
    expect(readFileSync(`${home}/${file}`, 'utf8')).toBe(two);
  });

  it('does not show a password', async () => {
    const home = makeFolder();
    const terminal = await openTerminal(adding, { home });
    await terminal.sees(hidden);
    terminal.type('hush-hush');
    terminal.press('enter');
    expect(await terminal.ended).toBe(0);
    expect(terminal.raw()).not.toMatch(/h.?u.?s.?h/);
    expect(readFileSync(`${home}/${file}`, 'utf8')).toContain('password: hush-hush');
    expectSane(terminal);
  });

  it.each(['ctrl-c', 'ctrl-d'] as const)('ends with 130 on %s, at a name and at a password', async (key) => {
    for (const [args, question, typed] of [
      [['profile', 'remove', 'lab'], 'Type the name lab', ''],
      [['profile', 'remove', 'lab'], 'Type the name lab', 'la'],
      [adding, hidden, ''],
      [adding, hidden, 'hush'],
    ] as const) {
      const home = makeFolder({ [file]: two });
      const terminal = await openTerminal(args[1] === 'add' ? [...args, '--force'] : args, { home });
      await terminal.sees(question);
      terminal.type(typed);
      terminal.press(key);
      expect(await terminal.ended).toBe(130);
      await terminal.sees('cancelled');
      expect(terminal.raw()).not.toContain('hush');
      expectSane(terminal);
      expect(readFileSync(`${home}/${file}`, 'utf8')).toBe(two);
    }
  });

  it('leaves the terminal echoing, line by line', async () => {
    const home = makeFolder({ [file]: two });
    const script = `stty -g; "$0" "$1" profile remove lab; echo "code=$?"; stty -g`;
    const env = cleanEnv(home, { TERM: 'xterm' });
    const pty = spawn('bash', ['-c', script, process.execPath, bin], { cols: 200, cwd: home, env });
    let raw = '';
    const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));
    pty.onData((text) => {
      const before = raw.includes('Type the name lab');
      raw += text;
      if (!before && raw.includes('Type the name lab')) pty.write('\u0003');
    });
    await ended;
    expect(raw).toContain('code=130');
    const [first, second, ...more] = raw.split('\r\n').filter((line) => /^[0-9a-f]+(:[0-9a-f]+)+$/.test(line));
    expect(first).toBeDefined();
    expect([second, more]).toEqual([first, []]);
  });
});

describe('a terminal that goes away', () => {
  it('ends a question with 129', async () => {
    const home = makeFolder({ [file]: two });
    const script = `trap : HUP; "$0" "$1" profile remove lab; echo "code=$?" > ended`;
    const env = cleanEnv(home, { TERM: 'xterm' });
    const pty = spawn('bash', ['-c', script, process.execPath, bin], { cwd: home, env });
    await new Promise<void>((resolve) => {
      let raw = '';
      pty.onData((text) => {
        raw += text;
        if (raw.includes('Type the name lab')) resolve();
      });
    });
    // The type leaves it out: it closes our end, as a terminal's window does.
    (pty as unknown as { destroy(): void }).destroy();
    await vi.waitFor(() => expect(readFileSync(`${home}/ended`, 'utf8')).toBe('code=129\n'), { timeout: 10_000 });
    expect(readFileSync(`${home}/${file}`, 'utf8')).toBe(two);
  });
});

describe('a question', () => {
  /** Types each text when the question before it stands there. */
  async function play(
    context: TestContext,
    stdin: PassThrough,
    lines: readonly (readonly [string, string])[],
  ): Promise<void> {
    let from = 0;
    for (const [question, text] of lines) {
      await vi.waitFor(() => expect(context.stderr().slice(from)).toContain(question), { timeout: 5000, interval: 5 });
      from = context.stderr().length;
      stdin.write(`${text}\r`);
    }
  }

  it('for a new password is asked twice, and again when the two differ', async () => {
    const stdin = new PassThrough();
    const context = makeTestContext({ stdin, terminal: true });
    const password = createPrompter(context, false).newPassword('New password');
    await play(context, stdin, [
      ['New password', 'xqz-1'],
      ['Confirm password', 'xqz-2'],
      ['do not match', 'xqz-3'],
      ['Confirm password', 'xqz-3'],
    ]);
    expect((await password).reveal()).toBe('xqz-3');
    expect(context.stderr()).not.toContain('xqz');
  });

  it('for a new password is given up after three times', async () => {
    const stdin = new PassThrough();
    const context = makeTestContext({ stdin, terminal: true });
    const password = createPrompter(context, false)
      .newPassword('New password')
      .catch((error: unknown) => error);
    const twice = [
      ['ew password', 'a'],
      ['Confirm password', 'b'],
    ] as const;
    await play(context, stdin, [
      ...twice,
      ['do not match', 'a'],
      ['Confirm password', 'b'],
      ['do not match', 'a'],
      ['Confirm password', 'b'],
    ]);
    expect(await password).toMatchObject({ kind: 'usage', code: 'passwords-differ' });
  });

  it.each([
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
    ['SIGHUP', 'hung-up'],
  ] as const)('ends with %s', async (signal, kind) => {
    const context = makeTestContext({ stdin: new PassThrough(), terminal: true });
    const answer = createPrompter(context, false).text('Who');
    setTimeout(() => context.interrupt(signal), 20);
    await expect(answer).rejects.toMatchObject({
      kind,
      message: 'cancelled: no changes were made',
    });
  });

  it('ends when the terminal goes away', async () => {
    const stdin = new PassThrough();
    const answer = createPrompter(makeTestContext({ stdin, terminal: true }), false).text('Who');
    setTimeout(() => stdin.destroy(new Error('EIO')), 20);
    await expect(answer).rejects.toMatchObject({ kind: 'hung-up' });
  });

  it('shows no control characters of a name', async () => {
    const stdin = new PassThrough();
    const context = makeTestContext({ stdin, terminal: true });
    const answer = createPrompter(context, false).confirmByTyping('Type \u001b]0;x\u0007', 'x');
    await play(context, stdin, [['Type', 'x']]);
    expect(await answer).toBe(true);
    expect(context.stderr()).toContain('Type \\x1b]0;x\\x07');
  });
});

describe('a question without a terminal', () => {
  it.each([
    ['password', '--password-stdin'],
    ['newPassword', '--password-stdin'],
    ['text', 'Run it in an interactive terminal'],
    ['choose', 'Run it in an interactive terminal'],
  ] as const)('%s is refused and names the way out', async (how, words) => {
    const prompter = createPrompter(makeTestContext({ terminal: { stdin: true } }), false);
    const answer = how === 'choose' ? prompter.choose('Who', []) : prompter[how]('Who');
    await expect(answer).rejects.toMatchObject({
      kind: 'usage',
      code: 'no-terminal',
      message: expect.stringContaining('Who'),
      hint: expect.stringContaining(words),
    });
  });

  it('names the flag that a command gives', async () => {
    const prompter = createPrompter(makeTestContext(), false);
    await expect(prompter.confirmByTyping('Name', 'x')).rejects.toMatchObject({
      hint: expect.stringContaining('--yes'),
    });
    await expect(prompter.text('Name', '--user')).rejects.toMatchObject({ hint: 'Use --user instead.' });
  });
});
