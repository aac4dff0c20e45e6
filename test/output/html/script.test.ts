import { describe, expect, it } from 'vitest';
import script from '../../../src/output/html/client.js?raw';

describe('the script of the report', () => {
  it('writes text alone: it has no way to make HTML or code of a name', () => {
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|srcdoc|DOMParser|createContextual/,
    );
  });

  it('asks no network', () => {
    expect(script).not.toMatch(/fetch|XMLHttp|WebSocket|sendBeacon|import\(|\bsrc\b|href|https?:/);
  });
});
