/** Go's path.Clean: the shortest equal path; `.` for an empty one. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push(part);
  }
  const joined = kept.join('/');
  if (rooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** Go's path.Join of two elements; empty ones are left out. */
export function joinPath(first: string, second: string): string {
  const parts = [first, second].filter((part) => part !== '');
  return parts.length === 0 ? '' : cleanPath(parts.join('/'));
}
