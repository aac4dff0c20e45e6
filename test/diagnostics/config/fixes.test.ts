import { describe, expect, it } from 'vitest';
import { readEnvironmentLines } from '../../../src/kapacitor-config/environment-formats.js';
import { toKapacitorEnvironment } from '../../../src/kapacitor-config/fields.js';
import type { ConfigInput } from '../../../src/diagnostics/config/facts.js';
import { variableLines } from '../../../src/diagnostics/config/fixes.js';

type Environment = ConfigInput['environment'];

function read(text: string, form: 'systemd' | 'docker' | 'unit'): Environment {
  const { lines, ...rest } = toKapacitorEnvironment(readEnvironmentLines(text, form));
  return { ...rest, from: 'F', file: { lines, form, mode: 0o600, text } };
}

/** As the reader of compose files finds them. */
function compose(text: string): Environment {
  const found = text.split('\n').flatMap((line, i) => {
    const name = /KAPACITOR_\w+/.exec(line)?.[0];
    return name === undefined ? [] : [[name, i + 1] as const];
  });
  const variables = new Map(found.map(([name]) => [name, 'x']));
  const file = { lines: new Map(found), form: 'compose', mode: 0o600, text } as const;
  return { variables, others: new Map(), dropped: [], from: 'F', file };
}

function written(environment: Environment, ...all: readonly (readonly [name: string, value: string])[]): string {
  const { where, lines } = variableLines(
    environment,
    all.map(([name, value]) => ({ name, value })),
  );
  return [where, ...lines].join('\n');
}

const enabled = ['KAPACITOR_AUTH_ENABLED', 'true'] as const;
const address = ['KAPACITOR_AUTH_META_ADDR', 'meta:8091'] as const;
const cost = ['KAPACITOR_AUTH_BCRYPT_COST', '10'] as const;
const password = ['KAPACITOR_AUTH_META_PASSWORD', 'a $ "b" 100%'] as const;

describe('the lines that set variables', () => {
  it('are NAME=VALUE in a file of systemd, quoted where its words need it', () => {
    const file = read('KAPACITOR_AUTH_ENABLED=yes\nKAPACITOR_AUTH_META_ADDR="a \\\nb"\n', 'systemd');
    expect(written(file, enabled, cost)).toBe(
      'Change line 1 of F to\nKAPACITOR_AUTH_ENABLED=true\nKAPACITOR_AUTH_BCRYPT_COST=10',
    );
    expect(written(file, password)).toBe('Set in F\nKAPACITOR_AUTH_META_PASSWORD="a \\$ \\"b\\" 100%"');
    expect(written(file, address)).toBe('Set in F\nKAPACITOR_AUTH_META_ADDR=meta:8091');
    expect(read(written(file, password).slice('Set in F\n'.length), 'systemd').variables.get(password[0])).toBe(
      password[1],
    );
  });

  it('keep every character in a file of docker', () => {
    const file = read('KAPACITOR_AUTH_ENABLED="true"\n', 'docker');
    expect(written(file, enabled)).toBe('Change line 1 of F to\nKAPACITOR_AUTH_ENABLED=true');
    expect(written(file, password)).toBe('Set in F\nKAPACITOR_AUTH_META_PASSWORD=a $ "b" 100%');
  });

  it('are pairs in a compose file with a map, its switches and what compose would replace in quotes', () => {
    const file = compose(
      'services:\n  kapacitor:\n    environment:\n      KAPACITOR_AUTH_ENABLED: "yes"\n      KAPACITOR_AUTH_META_ADDR: meta1\n',
    );
    expect(written(file, address, enabled)).toBe(
      'Change lines 4 and 5 of F to\nKAPACITOR_AUTH_ENABLED: "true"\nKAPACITOR_AUTH_META_ADDR: meta:8091',
    );
    expect(written(file, cost)).toBe('Set in F\nKAPACITOR_AUTH_BCRYPT_COST: 10');
    expect(written(file, password)).toBe('Set in F\nKAPACITOR_AUTH_META_PASSWORD: "a $$ \\"b\\" 100%"');
  });

  it('are items in a compose file with a list', () => {
    const file = compose('kapacitor:\n  environment:\n    - KAPACITOR_AUTH_ENABLED=yes\n    - "KAPACITOR_X=a"\n');
    expect(written(file, enabled)).toBe('Change line 3 of F to\n- KAPACITOR_AUTH_ENABLED=true');
    expect(written(file, address)).toBe('Set in F\n- KAPACITOR_AUTH_META_ADDR=meta:8091');
    expect(written(file, password)).toBe('Set in F\n- "KAPACITOR_AUTH_META_PASSWORD=a $$ \\"b\\" 100%"');
  });

  it('name no line of a compose file that holds several', () => {
    const file = compose('kapacitor:\n  environment: { KAPACITOR_AUTH_ENABLED: yes, A: b }\n');
    expect(written(file, enabled)).toBe('Set in F\nKAPACITOR_AUTH_ENABLED: "true"');
  });

  it('are Environment= in a unit, where the last one counts', () => {
    const text = '[Service]\nEnvironment=KAPACITOR_AUTH_ENABLED=yes\nEnvironment="KAPACITOR_AUTH_META_ADDR=m" "A=b"\n';
    const file = read(text, 'unit');
    expect(written(file, enabled)).toBe('Change line 2 of F to\nEnvironment="KAPACITOR_AUTH_ENABLED=true"');
    expect(written(file, address)).toBe('Set in F\nEnvironment="KAPACITOR_AUTH_META_ADDR=meta:8091"');
    const line = written(file, password).slice('Set in F\n'.length);
    expect(line).toBe('Environment="KAPACITOR_AUTH_META_PASSWORD=a $ \\"b\\" 100%%"');
    expect(read(line, 'unit').variables.get(password[0])).toBe(password[1]);
  });

  it('are exported in a shell, and have no form where nobody knows whence they come', () => {
    const shell = { variables: new Map(), others: new Map(), dropped: [], from: 'the shell' };
    expect(written(shell, password)).toBe(`Set in the shell\nexport KAPACITOR_AUTH_META_PASSWORD='a $ "b" 100%'`);
    expect(written({ ...shell, from: '--no-env' }, enabled)).toBe(
      'Set in the environment of the daemon\nKAPACITOR_AUTH_ENABLED=true',
    );
  });
});
