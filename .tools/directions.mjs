// Checks the import directions of src/, or of the folder named (the table: directions/rules.mjs); exit 1 with a line for each fault.
import { checkDirections } from './directions/check.mjs';
import { readSources } from './directions/sources.mjs';

const faults = checkDirections(readSources(process.argv[2]));
for (const { file, line, message } of faults) console.error(`src/${file}:${line}: ${message}`);
if (faults.length > 0) process.exitCode = 1;
else console.log('import directions: in order');
