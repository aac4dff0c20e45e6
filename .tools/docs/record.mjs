// Records the console blocks of a page: the commands in them run, and what they print takes the place of what stood there.
//
// A page prepares its commands by comments, which readers do not see:
//   <!-- file: access.yaml -->       the fenced block that follows is also a file of this name
//   <!-- before: COMMANDS -->        runs these first, one a line
// A command that begins with `kapadmin sandbox` starts the sandbox of the page, whose account then is the connection. A
// command ends with 0 or 1, unless the next one is `echo $?`.
import { Session } from './session.mjs';

const parts =
  /^<!-- before:\s([^]*?)-->$|^(?:<!-- file: (?<file>\S+) -->\s+)?```(?<language>\w*)\n(?<text>[^]*?)^```$/gm;

/** The commands of a block, each with its own comments above and without what it printed. */
function commandsOf(block) {
  const commands = [];
  let comments = [];
  let goesOn = false;
  for (const line of block.split('\n')) {
    if (goesOn) commands.at(-1).lines.push(line);
    else if (line.startsWith('$ ')) {
      commands.push({ comments, lines: [line.slice(2)] });
      comments = [];
    } else if (line.startsWith('# ')) comments.push(line);
    goesOn = (goesOn || line.startsWith('$ ')) && line.endsWith('\\');
  }
  return commands.map(({ comments: above, lines }) => ({ above, command: lines.join('\n') }));
}

function isSandbox(command) {
  return command.startsWith('kapadmin sandbox');
}

/** Runs commands, the sandbox among them. */
async function play(commands, session) {
  if (commands.some(isSandbox)) {
    const [command, ...rest] = commands;
    const output = await session.startSandbox(command);
    return [{ output, code: 0 }, ...(rest.length > 0 ? await play(rest, session) : [])];
  }
  const ran = await session.run(commands);
  for (const [index, { code, output }] of ran.entries()) {
    const shown = commands[index + 1] === 'echo $?';
    if (code > 1 && !shown) throw new Error(`ended with ${code}: ${commands[index]}\n${output}`);
  }
  return ran;
}

async function recordBlock(block, session) {
  const commands = commandsOf(block);
  if (commands.length === 0) throw new Error(`no command in the block\n${block}`);
  const ran = await play(
    commands.map(({ command }) => command),
    session,
  );
  const shown = commands.map(({ above, command }, index) => {
    const gap = index > 0 && (above.length > 0 || ran[index - 1].output !== '') ? [''] : [];
    const output = ran[index].output.trimEnd();
    return [...gap, ...above, `$ ${command}`, ...(output === '' ? [] : [output])].join('\n');
  });
  return `${shown.join('\n')}\n`;
}

/** @param {string} text a page @returns {Promise<string>} the page with its console blocks as they are printed now */
export async function recordPage(text) {
  if (!text.includes('```console')) return text;
  const session = new Session();
  let recorded = '';
  let end = 0;
  try {
    for (const part of text.matchAll(parts)) {
      const [whole, before] = part;
      const { file, language, text: block = '' } = part.groups;
      if (before !== undefined) await play(before.trim().split('\n'), session);
      if (file !== undefined) session.writeFile(file, block);
      recorded += text.slice(end, part.index);
      if (language !== 'console') recorded += whole;
      else recorded += `${whole.slice(0, -block.length - 3)}${await recordBlock(block, session)}\`\`\``;
      end = part.index + whole.length;
    }
  } finally {
    await session.end();
  }
  return recorded + text.slice(end);
}
