import { describe, expect, it } from 'vitest';
import { redactConfig } from '../../../src/diagnostics/config/redact.js';

describe('what is shown of a kapacitor.conf', () => {
  it('is the file itself where it holds no secret', () => {
    const text =
      '# the password of the account stands in the environment\n[auth]\n\tenabled = true # yes\n  meta-password = ""\n';
    expect(redactConfig(text)).toBe(text);
  });

  it.each([
    ['[auth]\nmeta-password = "hush" # mine', '[auth]\nmeta-password = "***" # mine'],
    ["[auth]\nMETA-PASSWORD = 'hush'\r", '[auth]\nMETA-PASSWORD = "***"\r'],
    ['[auth]\nmeta-pasword = "hush"', '[auth]\nmeta-pasword = "***"'],
    ['[auth]\nmeta-password = hush word', '[auth]\nmeta-password = ***'],
    ['[auth]\nmeta-password = 12345', '[auth]\nmeta-password = ***'],
    ['[auth]\nmeta-password: "hush"', '[auth]\nmeta-password: "***"'],
    ['# meta-password = "hush"', '# meta-password = "***"'],
    ['# meta-password hush', '# meta-password ***'],
    ['[[influxdb]]\n  [influxdb.x]\n  password = "hush"', '[[influxdb]]\n  [influxdb.x]\n  password = "***"'],
    ['x = { token = "hush", y = 1 }', 'x = { token = "***", y = 1 }'],
    ['urls = ["http://me:hu@sh/x@host:8086"]', 'urls = ["http:***@host:8086"]'],
    ['[http]\nshared-secret = """\nhush\n"""\nx = 1', '[http]\nshared-secret = "***"\n\n\nx = 1'],
    ['[http]\nshared-secret = """\nhush\n', '[http]\nshared-secret = "***"\n\n'],
    ['http."shared-secret" = "hush"', 'http."shared-secret" = "***"'],
  ])('%j is shown as %j', (text, shown) => {
    expect(redactConfig(text)).toBe(shown);
  });

  it('hides what is equal to a secret elsewhere', () => {
    const text = '# it was hush-hush-1 before\n[auth]\nmeta-password = "hush-hush-1"\n';
    expect(redactConfig(text)).toBe('# it was *** before\n[auth]\nmeta-password = "***"\n');
  });

  it('hides a user name that looks like the password', () => {
    const text = '[auth]\nmeta-username = "Hush-12-hush"\nmeta-password = "admin"\n';
    expect(redactConfig(text)).toBe('[auth]\nmeta-username = "***"\nmeta-password = "***"\n');
  });

  it('is nothing of a file that is no kapacitor.conf', () => {
    expect(redactConfig('my pass word\n\n  x: y\n')).toBe('***\n\n  ***\n');
  });

  it('takes long lines and many of them', () => {
    const text = `[http]\n${' '.repeat(200_000)}#${'"'.repeat(50_000)}\n${'password = \n'.repeat(20_000)}`;
    expect(redactConfig(text)).toHaveLength(text.length);
  });
});

it('a key in triple quotes, which 1.6.5 reads, hides its secret', () => {
  const lines = ['q = 04', '[auth]', '"""meta-password""" = """', 'first line of it', 'second line of it"""', ''];
  expect(redactConfig(lines.join('\n'))).not.toMatch(/line of it/);
});
