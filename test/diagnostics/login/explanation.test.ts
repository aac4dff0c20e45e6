import { expect, it } from 'vitest';
import { explainSplitUserName, splitUserName } from '../../../src/diagnostics/login/explanation.js';

it.each([
  ['a:b c', '?u=a%3Ab%20c&p=PASSWORD'],
  ['\ud800:x', '?u=%EF%BF%BD%3Ax&p=PASSWORD'],
  ['\u{1f600}:x', '?u=%F0%9F%98%80%3Ax&p=PASSWORD'],
])('a name with a colon, %j, is offered for the query', (given, query) => {
  expect(explainSplitUserName(splitUserName(given)!).fixes[0]?.setting).toBe(query);
});
