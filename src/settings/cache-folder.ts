import path from 'node:path';

/** The user's own cache folder for kapadmin; undefined where neither XDG_CACHE_HOME nor the home is an absolute path. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string | undefined {
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, 'kapadmin');
  return path.isAbsolute(home) ? path.join(home, '.cache', 'kapadmin') : undefined;
}
