import { describe, expect, it } from 'vitest';
import { openConfig } from '../../src/settings/config-editor.js';

async function withFact(text: string): Promise<string> {
  const draft = await openConfig('config.yaml', text);
  draft.setKey('p', 'rolesInUserRecords', 'no');
  return draft.text();
}

describe('a key that is set in a profile', () => {
  it.each([
    'default:   p # mine\nprofiles:\n   p:\n      url:  "http://a"\n\n      password: \'x\' # secret\n',
    'profiles:\n  p:\n    url:\n      - a\n      - b   # two\n\n  # the other\n  o: {  url: b }\n',
    'profiles:\r\n  p:\r\n    url:   a\r\n  o: {  url: b }\r\n',
    'profiles:  { p: { url: a } }\n',
    '{"profiles":{"p":{"url":"http://a","password":"b"}}}',
    'profiles:\n  o:  { url: a }\n  p:\n    url: b\n',
  ])('is all that changes: %j', async (text) => {
    const changed = await withFact(text);
    expect(changed.replace(/ {4,6}rolesInUserRecords: "no"\n|"rolesInUserRecords": "no", /, '')).toBe(text);
    expect(changed).not.toBe(text);
  });

  it('begins a line where the file ends without a line end', async () => {
    const text = 'profiles:\n  p:\n    url:   b';
    expect(await withFact(text)).toBe(`${text}\n    rolesInUserRecords: "no"\n`);
  });

  it.each(['yes', '"yes"', "'yes' # probed"])('takes the place of the old value alone: %s', async (old) => {
    const text = `profiles:\n  p:\n    url:    a\n    rolesInUserRecords: ${old}\n    ca:  b\n`;
    expect(await withFact(text)).toBe(text.replace(/["']?yes["']?/, '"no"'));
  });

  it.each([
    'profiles: { p: {} }\n',
    'profiles:\n  p: { !!str url: a }\n',
    'profiles:\n  p:\n    !!str url: a\n',
    'profiles:\n  p:\n    ? url\n    : a\n',
    'profiles:\n  p:\n    ca: |\n      a\n  o: {}\n',
  ])('is set also where the text is not simple: %j', async (text) => {
    const { parse } = await import('yaml');
    const [before, after] = [parse(text), parse(await withFact(text))] as { profiles: { p: object } }[];
    const profiles = { ...before?.profiles, p: { ...before?.profiles.p, rolesInUserRecords: 'no' } };
    expect(after).toEqual({ profiles });
  });
});
