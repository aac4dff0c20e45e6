import { expect, it } from 'vitest';
import { bin } from './harness/program.js';
import { inTerminal, openCommand } from './harness/terminal.js';

it('a terminal without a size shows tables as a wide one does', async () => {
  const line = 'stty cols 0 rows 0; exec "$0" "$1" permission list';
  const terminal = await openCommand('sh', ['-c', line, process.execPath, bin], { columns: 300 });
  expect(await terminal.ended).toBe(0);
  const wide = await inTerminal(['permission', 'list'], { columns: 300 });
  expect(terminal.raw()).toBe(wide.raw);
});
