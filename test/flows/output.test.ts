import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder } from '../folder.js';
import { kapadmin } from './harness.js';
import { bin } from './harness/program.js';

const list = ['permission', 'list'];

describe('the output of a list', () => {
  it('holds the same in every format', async () => {
    const [json, yaml, csv, names] = await Promise.all(
      ['json', 'yaml', 'csv', 'name'].map(async (format) => (await kapadmin([...list, '-o', format])).stdout),
    );
    const rows = JSON.parse(json ?? '') as { name: string; influxdb: string; kapacitor: string }[];
    expect(rows).toHaveLength(19);
    expect(parse(yaml ?? '')).toEqual(rows);
    expect(names).toBe(rows.map((row) => `${row.name}\n`).join(''));
    expect(csv?.split('\r\n')).toHaveLength(21);
  });

  it('is written to a file for its owner alone, and stdout stays empty', async () => {
    const home = makeFolder();
    expect(await kapadmin([...list, '-o', 'json', '--out', 'list.json'], { home })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const file = path.join(home, 'list.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(19);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('may be read in part: a reader that closes early is no error', () => {
    const command = [
      '-c',
      `exec 3>&1; { "$0" "$1" permission list; echo "exit $?" >&3; } | head -c 4`,
      process.execPath,
      bin,
    ];
    expect(execFileSync('sh', command, { encoding: 'utf8' })).toContain('exit 0');
  });
});
