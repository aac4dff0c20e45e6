import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cases } from '../diagnostics/login/causes.js';
import { runLine } from '../run.js';

const docs = path.join(import.meta.dirname, '../../docs');

interface Shown {
  readonly page: string;
  readonly command: string;
  readonly yaml: string;
  readonly output: string;
}

/** Each command of a page that plays a scenario: the scenario above it, changed by `sed` as it says, and its output. */
function shownOn(page: string): Shown[] {
  let yaml = '';
  const shown: Shown[] = [];
  for (const [, form, text = ''] of readFileSync(path.join(docs, page), 'utf8').matchAll(/```(\w+)\n(.*?)```/gs)) {
    if (form === 'yaml' && text.includes('\nsteps:\n')) yaml = text;
    if (form !== 'console') continue;
    for (const [, command = '', output = ''] of text.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
      const [, from, to] = /^sed -i 's\/(.*)\/(.*)\/' /.exec(command) ?? [];
      if (from !== undefined && to !== undefined) yaml = yaml.replace(new RegExp(from), to);
      else shown.push({ page, command, yaml, output });
    }
  }
  return shown;
}

const all = ['how-kapacitor-decides.md', 'scenarios.md'].flatMap(shownOn);

describe('how-kapacitor-decides.md', () => {
  it('verdict 38: names the requests that change the caches', () => {
    const page = readFileSync(path.join(docs, 'how-kapacitor-decides.md'), 'utf8');
    const [, section = ''] = /^### \d+\. Requests that change who may log in\n(.*?)^##/ms.exec(page) ?? [];
    expect(section).toMatch(/DELETE \/kapacitor\/v1\/users\/NAME/);
    expect(section).toMatch(/POST \/kapacitor\/v1\/users/);
    expect(page).not.toMatch(/no request (that )?(empties|flushes|clears)/i);
  });
});

describe('json.md', () => {
  it('names every cause', () => {
    const page = readFileSync(path.join(docs, 'json.md'), 'utf8');
    const [, listed = ''] = /^Causes: (.*)\.$/m.exec(page) ?? [];
    expect(listed.split(', ')).toEqual(expect.arrayContaining(Object.keys(cases).map((cause) => `\`${cause}\``)));
  });
});

describe('the scenarios of the pages', () => {
  it('are there', () => {
    expect(all.length).toBeGreaterThanOrEqual(2);
  });

  it.each(all)('$page: $command prints what the page shows', async ({ command, yaml, output }) => {
    const [file = ''] = /[\w-]+\.yaml/.exec(command) ?? [];
    const cwd = makeFolder({ [file]: yaml });
    const { code, stdout, stderr } = await runLine(command.replace(/^kapadmin /, '').split(' '), { cwd });
    expect(stderr + stdout).toBe(output);
    expect(code).toBe(output.includes('failures="1"') || output.includes('1 failed') ? 1 : 0);
  });
});
