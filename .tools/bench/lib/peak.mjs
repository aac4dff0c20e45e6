import { readFileSync } from 'node:fs';

/** What a process writes when it ends: the most memory it had, in kB. */
const preload = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.PEAK_FILE,String(process.resourceUsage().maxRSS)))`;

/** Variables by which a Node process leaves the most memory that it had in a file. */
export function leavePeak(file) {
  return { NODE_OPTIONS: `--import ${preload}`, PEAK_FILE: file };
}

/** Megabytes. */
export function readPeak(file) {
  return Number(readFileSync(file, 'utf8')) / 1024;
}
