import { describe, expect, it } from 'vitest';
import { handleRequestAs } from '../../src/auth-engine/handle.js';
import { compilePrivileges } from '../../src/auth-engine/privileges.js';
import { step } from './engine.js';

const johndoe = { name: 'johndoe', privileges: compilePrivileges(new Map([['', ['KapacitorAPI']]])) };

function kinds(method: string, target: string): string[] {
  return handleRequestAs(johndoe, { method, target, headers: [] }).map(({ kind }) => kind);
}

describe('a user that is authenticated already', () => {
  it('is decided from the authorization step on', () => {
    expect(kinds('GET', '/kapacitor/v1/tasks')).toEqual(['privileges', 'verdict']);
    expect(kinds('POST', '/write?db=x')).toEqual(['privileges', 'database', 'verdict']);
    expect(kinds('GET', '/kapacitor/v1preview/tasks')).toEqual(['privileges', 'preview', 'privileges', 'verdict']);
  });

  it('is routed as any other', () => {
    expect(kinds('GET', '/a//b')).toEqual(['clean-path', 'verdict']);
    expect(kinds('OPTIONS', '/a')).toEqual(['open', 'verdict']);
    expect(kinds('GET', '/%zz')).toEqual(['target', 'verdict']);
  });

  it('is named in what refuses it', () => {
    const trace = handleRequestAs(johndoe, { method: 'GET', target: '/kapacitor/v1/config', headers: [] });
    expect(step(trace, 'verdict')).toMatchObject({ status: 403, user: 'johndoe' });
  });
});
