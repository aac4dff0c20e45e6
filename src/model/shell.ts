const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;
const needsEscapes = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u;

function ansiQuote(word: string): string {
  let text = '';
  for (const char of word) {
    if (char === "'" || char === '\\') text += `\\${char}`;
    else if (!needsEscapes.test(char)) text += char;
    else for (const byte of Buffer.from(char, 'utf8')) text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `$'${text}'`;
}

/** One word, quoted for a POSIX shell; control characters as `$'...'`. */
export function shellQuote(word: string): string {
  if (plain.test(word)) return word;
  return needsEscapes.test(word) ? ansiQuote(word) : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command line of ours that can be pasted whatever a server calls its users: flags first, then `--` where a
 * name begins with `-`.
 * @param words the fixed words (`kapadmin user grant`) @param names what follows @param flags complete flag words
 */
export function commandLine(words: string, names: readonly string[] = [], flags: readonly string[] = []): string {
  const guard = names.some((name) => name.startsWith('-')) ? ['--'] : [];
  const [before, after] = guard.length > 0 ? [flags, []] : [[], flags];
  return [words, ...[...before, ...guard, ...names, ...after].map(shellQuote)].join(' ');
}
