// The parts of a help text's notes: paragraphs, and indented lines that stay as they are.

/** @returns {{ kind: 'paragraph' | 'lines', text: string }[]} */
export function partsOf(notes) {
  const parts = [];
  for (const line of notes.split('\n')) {
    const kind = line.startsWith('  ') ? 'lines' : 'paragraph';
    const last = parts.at(-1);
    if (line === '') parts.push({ kind: 'gap', text: '' });
    else if (last?.kind === kind) last.text += `\n${line.trim()}`;
    else parts.push({ kind, text: line.trim() });
  }
  return parts.filter(({ kind }) => kind !== 'gap');
}
