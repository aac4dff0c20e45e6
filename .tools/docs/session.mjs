// A folder, a terminal of 100 columns and, where a page starts one, a sandbox: where the commands of the documentation run.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import { root } from '../fresh.mjs';

const columns = 100;
const limit = 60_000;
/** Marks the output and the exit code of each command in what the shell writes. */
const mark = '\u001e';

/** The ports that the documentation shows -> those that this run uses. Both have four digits, so that columns stay. */
function choosePorts() {
  const first = 5000 + Math.floor(Math.random() * 4000);
  return new Map([
    ['8091', String(first)],
    ['9092', String(first + 1)],
  ]);
}

async function isOpen(port) {
  const socket = connect(Number(port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Moves the moments of a run to one that stays: what lies an hour ahead is an hour ahead of 12:00. */
function steadyTime(text, start) {
  const zoned = /Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`;
  const minutes = Math.round((Date.parse(zoned) - start) / 300_000) * 5;
  const time = new Date(Date.UTC(2026, 0, 5, 12, minutes)).toISOString();
  return `${time.slice(0, 10)}${text[10]}${time.slice(11, 19)}${text.slice(19).replace(/^\.\d+/, '')}`;
}

export class Session {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'kapadmin-docs-')));
  #ports = choosePorts();
  #start = Date.now();
  #sandbox;
  #env;

  constructor() {
    const bin = path.join(this.home, '.bin');
    mkdirSync(bin);
    const program = path.join(root, 'bin/kapadmin.js');
    writeFileSync(path.join(bin, 'kapadmin'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
      mode: 0o755,
    });
    this.#env = {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: this.home,
      TERM: 'dumb',
      NO_COLOR: '1',
      TZ: 'UTC',
      LANG: 'C.UTF-8',
    };
  }

  #real(text) {
    return text.replaceAll(/:(8091|9092)\b/g, (_, port) => `:${this.#ports.get(port)}`);
  }

  #masked(text) {
    const shown = [...this.#ports].reduce(
      (part, [port, used]) => part.replaceAll(new RegExp(`:${used}\\b`, 'g'), `:${port}`),
      text.replaceAll('\r', '').replaceAll(this.home, '/home/you'),
    );
    return shown
      .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, (time) => steadyTime(time, this.#start))
      .replaceAll(/(\$2[abxy]\$\d\d\$)[./A-Za-z0-9]{53}/g, '$1...')
      .replaceAll(/ in \d+ ms\b/g, ' in 4 ms')
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
  }

  writeFile(name, text) {
    const file = path.join(this.home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, this.#real(text), { mode: 0o600 });
  }

  /** Runs commands in one shell. @returns {Promise<{ output: string, code: number }[]>} of each */
  async run(commands) {
    const script = commands
      .map((command) => `{ ${this.#real(command)}\n}; code=$?; printf '${mark}%d${mark}' "$code"; (exit "$code")`)
      .join('\n');
    const options = { cols: columns, rows: 50, cwd: this.home, env: this.#env };
    const shell = spawn('sh', ['-c', `umask 077\n${script}`], options);
    const timer = setTimeout(() => shell.kill('SIGKILL'), limit);
    let written = '';
    shell.onData((text) => (written += text));
    await new Promise((resolve) => shell.onExit(resolve));
    clearTimeout(timer);
    const parts = written.split(mark);
    return commands.map((command, index) => {
      const [output = '', code] = parts.slice(2 * index);
      if (code === undefined) throw new Error(`did not end: ${command}\n${output}`);
      return { output: this.#masked(output), code: Number(code) };
    });
  }

  /** Starts the sandbox of this command; resolves with what it prints when it is ready. */
  async startSandbox(command) {
    await this.#endSandbox();
    const [meta, kapacitor] = this.#ports.values();
    const words = `exec ${command} --port ${meta} --kapacitor-port ${kapacitor}`;
    const pty = spawn('sh', ['-c', words], { cols: columns, rows: 50, cwd: this.home, env: this.#env });
    const shown = { text: '', over: false };
    pty.onData((text) => (shown.text += text));
    this.#sandbox = { pty, ended: new Promise((resolve) => pty.onExit(resolve)) };
    pty.onExit(() => (shown.over = true));
    for (const end = Date.now() + limit; !(await isOpen(kapacitor)); await delay(20)) {
      if (shown.over || Date.now() > end) throw new Error(`${command} did not start:\n${shown.text}`);
    }
    for (let before; before !== shown.text || before === ''; await delay(100)) before = shown.text;
    Object.assign(this.#env, {
      KAPADMIN_META_URL: `http://127.0.0.1:${meta}`,
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'changeit',
    });
    return this.#masked(shown.text);
  }

  async #endSandbox() {
    this.#sandbox?.pty.kill('SIGTERM');
    await this.#sandbox?.ended;
  }

  async end() {
    await this.#endSandbox();
    rmSync(this.home, { recursive: true, force: true });
  }
}
