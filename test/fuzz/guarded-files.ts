import path from 'node:path';
import { usageError } from '../../src/errors.js';
import { files as real, type Files } from '../../src/files/files.js';

/** The real files, of which none outside a folder is written, whatever a hostile text names. */
export function guardedFiles(folder: string): Files {
  const check = (file: string): void => {
    const whole = path.resolve(folder, file.replaceAll('\0', ''));
    if (whole === folder || whole.startsWith(`${folder}/`) || whole.startsWith('/dev/')) return;
    throw usageError('cannot-write-file', `cannot write ${file}: not in this test`);
  };
  return {
    ...real,
    async writeFileAtomic(file, ...more) {
      check(file);
      await real.writeFileAtomic(file, ...more);
    },
    async checkWritable(file) {
      await real.checkWritable(file);
      check(file);
    },
    async makeFolder(file, mode) {
      check(file);
      await real.makeFolder(file, mode);
    },
    async append(file, uid) {
      check(file);
      return real.append(file, uid);
    },
  };
}
