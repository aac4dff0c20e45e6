import { PassThrough, type Readable } from 'node:stream';

/** What is typed, for one question. */
export interface KeyInput {
  readonly input: NodeJS.ReadableStream;
  /** Aborted by Ctrl-D, and when the terminal goes away (its reason is then `SIGHUP`). */
  readonly ended: AbortSignal;
  /** Leaves the terminal's input as it was. */
  release(): void;
}

/** A terminal that switches between lines and keys. */
type RawModeStream = Readable & { setRawMode?(raw: boolean): unknown };

/** Whether the mode could be set: a lost terminal has none, and readline would throw an uncaught error. */
function setMode(stdin: RawModeStream, raw: boolean): boolean {
  try {
    stdin.setRawMode?.(raw);
    return true;
  } catch {
    return false;
  }
}

/** A terminal may be lost when nothing reads it any more: that is not an error. */
function ignoreErrors(stdin: Readable): void {
  if (stdin.listenerCount('error') === 0) stdin.on('error', () => {});
}

/** Passes on the keys of a terminal, but none of its errors. */
export function createKeyInput(stdin: RawModeStream): KeyInput {
  const ended = new AbortController();
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => setMode(stdin, raw),
  });
  const onLost = (): void => ended.abort('SIGHUP');
  const pass = (keys: Buffer): void => void input.write(keys);
  input.on('keypress', (_, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl === true && key.name === 'd') ended.abort('SIGINT');
  });
  ignoreErrors(stdin);
  stdin.on('data', pass).on('end', onLost).on('close', onLost).on('error', onLost).resume();
  return {
    input,
    ended: ended.signal,
    release: () => {
      stdin.off('data', pass).off('end', onLost).off('close', onLost).off('error', onLost);
      stdin.pause();
      setMode(stdin, false);
    },
  };
}
