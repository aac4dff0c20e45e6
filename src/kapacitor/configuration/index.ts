export { isDaemonVariable, isServiceVariable } from './daemon-sections.js';
export { fields, type Configuration, type Field, type Origin, type Section, type Setting } from './fields.js';
export { knownField, knownSection, variableOf } from './known.js';
export { outline, type Outline, type WrittenKey, type WrittenSection } from './outline.js';
export { encodeFile } from './toml/text.js';
export { readConfiguration, type Reading } from './read.js';
export {
  checkListen,
  checkStart,
  httpsFilesWanted,
  tlsFilesWanted,
  type FileFact,
  type StartCheck,
} from './tls-files.js';
export { wholeFileFaults, type WholeFileFault } from './whole-file.js';
export { checkHere } from './tls-files.js';
