import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bold, entry, heading, literal, prose, usage } from '../../.tools/docs/roff.mjs';
import { root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { hasPrograms } from '../programs.js';

const page = path.join(root, 'docs/man/kapadmin.1');

/** What `man` shows of a page, in lines of 200 columns. */
function shown(file: string): { readonly text: string; readonly warnings: string } {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', MANWIDTH: '200', HOME: makeFolder() };
  const { stdout, stderr } = spawnSync('man', ['--warnings=w', '-l', file], { env, encoding: 'utf8' });
  return { text: stdout.replaceAll(/.\u0008/gu, ''), warnings: stderr };
}

describe('the manual page', () => {
  it('has every request at the beginning of a line, and no other line that begins as one', () => {
    const requests = readFileSync(page, 'utf8')
      .split('\n')
      .filter((line) => /^[.']/.test(line));
    const known = /^\.(TH|SH|SS|TP|PP|RS 4|RE|nf|fi|nh|ad l|\\" .*)\b|^\.(SH|SS) ".+"$/;
    expect(requests.filter((line) => !known.test(line))).toEqual([]);
  });

  const man = hasPrograms('the manual page in man', ['man']);
  it(`in man: ${man ? 'is shown by man without a warning, its flags as they are typed' : 'is not tried'}`, () => {
    if (!man) return;
    const { text, warnings } = shown(page);
    expect(warnings).toBe('');
    expect(text).toContain('kapadmin auth test --url http://localhost:9092/kapacitor/v1/tasks --user johndoe');
    expect(text).toMatch(/^ +-o, --output format$/m);
    expect(text).toMatch(/^EXIT STATUS$/m);
  });

  const mandoc = hasPrograms('the manual page in mandoc', ['mandoc']);
  it(`in mandoc: ${mandoc ? 'has no fault that mandoc finds but that it bears no date' : 'is not tried'}`, () => {
    if (!mandoc) return;
    const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], { encoding: 'utf8' });
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });
});

describe('text in roff', () => {
  it('escapes what would be a request, and what is drawn as another character', () => {
    expect(prose('.SH no section')).toBe('\\&.SH no section');
    expect(prose("'s a \\fBcase --for `man`")).toBe('\\(aqs a \\efBcase \\-\\-for \\fBman\\fR');
    expect(literal('.one\n\n~ ^ … ×')).toBe('.PP\n.RS 4\n.nf\n\\&.one\n\\&\n\\(ti \\(ha \\[u2026] \\[u00D7]\n.fi\n.RE');
    expect(heading('SS', 'a "b"')).toBe('.SS "a \\(dqb\\(dq"');
    expect(usage('-o, --output <format>')).toBe('\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIformat\\fR');
    expect(usage('kapadmin show [user...]')).toBe('\\fBkapadmin\\fR \\fBshow\\fR [\\fIuser...\\fR]');
  });

  const man = hasPrograms('roff in man', ['man']);
  it(`in man: ${man ? 'comes out of man as it went in' : 'is not tried'}`, () => {
    if (!man) return;
    const hostile = [
      "'begins .with",
      '.SH no section',
      '\\fBnot bold\\fR \\n[x]',
      '--a-flag',
      '`tick` ^ ~ "x"',
      'é … ×',
    ];
    const parts = [
      '.TH T 1 "" "" ""',
      heading('SH', 'a "b" -c'),
      literal(hostile.join('\n')),
      entry(bold('.entry'), '.text'),
    ];
    const { text, warnings } = shown(path.join(makeFolder({ 'text.1': `${parts.join('\n')}\n` }), 'text.1'));
    expect(warnings).toBe('');
    const lines = text.split('\n').map((line) => line.trim());
    expect(lines).toEqual(expect.arrayContaining(['a "b" -c', ...hostile, '.entry .text']));
  });
});
