import { systemReason } from '../errors.js';
import type { Files } from './files.js';
import type { DaemonFile } from '../kapacitor-config/tls-files.js';

/** A file that the daemon opens, with its permission bits, or with Go's words where it cannot be opened. */
export async function readDaemonFile(files: Files, file: string): Promise<DaemonFile & { readonly mode?: number }> {
  try {
    const { text, mode } = await files.read(file);
    return { content: text, mode };
  } catch (error) {
    const { cause } = error as Error;
    return { error: cause === undefined ? 'is a directory' : systemReason(cause) };
  }
}
