/** Go's path.Clean: the shortest equal path; `.` for an empty one. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const isAbsolute = path.startsWith('/');
  const result: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') result.push(part);
    else if (result.length > 0 && result.at(-1) !== '..') result.pop();
    else if (!isAbsolute) result.push(part);
  }
  const joined = result.join('/');
  if (isAbsolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** Go's path.Join of two elements; empty ones are left out. */
export function joinPath(first: string, second: string): string {
  const parts = [first, second].filter((part) => part !== '');
  return parts.length === 0 ? '' : cleanPath(parts.join('/'));
}
