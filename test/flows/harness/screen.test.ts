import { describe, expect, it } from 'vitest';
import { Screen } from './screen.js';

function shown(...parts: string[]): string {
  const screen = new Screen(20);
  for (const part of parts) screen.write(part);
  return screen.text();
}

describe('the screen', () => {
  it.each([
    ['colours do not show', ['\u001b[31mred\u001b[0m'], 'red'],
    ['a line is written over', ['first\rsecond'], 'second'],
    ['an erased line is gone', ['spinning\r\u001b[2K\u001b[1Gdone'], 'done'],
    ['a prompt is drawn anew above', ['? name\nhint\u001b[1A\u001b[G\u001b[J? answer'], '? answer'],
    ['a sequence cut in two is one', ['a\u001b[', '31mb'], 'ab'],
    ['a long line wraps', ['x'.repeat(25)], `${'x'.repeat(20)}\n${'x'.repeat(5)}`],
    ['hiding the cursor shows nothing', ['\u001b[?25lhidden\u001b[?25h'], 'hidden'],
    ['a title shows nothing', ['\u001b]0;title\u0007text'], 'text'],
  ])('%s', (_, parts, text) => {
    expect(shown(...parts)).toBe(text);
  });
});
