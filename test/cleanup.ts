type CleanUp = () => void | Promise<void>;

const afterTests: CleanUp[] = [];
const afterFiles: CleanUp[] = [];

/** The last one first: what was opened later may need what was opened before. */
async function doAll(all: readonly CleanUp[]): Promise<void> {
  for (const cleanUp of all.toReversed()) await cleanUp();
}

/** Runs from now on after every test. For helpers: a hook of Vitest's would belong to the first file that loads them. */
export function afterEachTest(cleanUp: CleanUp): void {
  afterTests.push(cleanUp);
}

/** Runs from now on when a test file is done. */
export function afterEachFile(cleanUp: CleanUp): void {
  afterFiles.push(cleanUp);
}

export function cleanUpTest(): Promise<void> {
  return doAll(afterTests);
}

export function cleanUpFile(): Promise<void> {
  return doAll(afterFiles);
}
