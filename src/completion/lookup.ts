import type { Context } from '../context.js';
import { neededPrivilege } from '../kapacitor/decide.js';
import { endpoints } from '../model/endpoints.js';
import { permissions } from '../model/permissions.js';
import { presets } from '../model/presets.js';
import { hasControls } from '../model/text.js';
import { rules } from '../diagnostics/rules/registry.js';
import { loadUserConfig } from '../settings/config-file.js';
import type { Lookup } from './complete.js';
import { namesOfCluster } from './names.js';
import type { Candidate } from './tree.js';

function plain(words: readonly string[], about = ''): readonly Candidate[] {
  return words.filter((word) => word !== '' && !hasControls(word)).map((word) => ({ word, about }));
}

async function profiles(context: Context): Promise<readonly string[]> {
  try {
    return [...((await loadUserConfig(context, undefined))?.profiles.keys() ?? [])];
  } catch {
    return [];
  }
}

/** The candidates of each kind. Names of the cluster that hold control characters are left out. */
export function makeLookup(context: Context): Lookup {
  return async (kind, formats) => {
    switch (kind) {
      case 'user':
        return plain((await namesOfCluster(context)).users, 'user');
      case 'role':
        return plain((await namesOfCluster(context)).roles, 'role');
      case 'permission':
        return permissions.map(({ name, influxdb, kapacitor }) => ({ word: name, about: `${influxdb}; ${kapacitor}` }));
      case 'preset':
        return presets.map(({ name, summary }) => ({ word: name, about: summary }));
      case 'profile':
        return plain(await profiles(context), 'profile');
      case 'finding':
        return [...rules.values()].map(({ id, title }) => ({ word: id, about: title }));
      case 'method':
        return plain(Object.keys(neededPrivilege));
      case 'path':
        return [...new Map(endpoints.map(({ path, what }) => [path, { word: path, about: what }])).values()];
      case 'output':
        return plain(['table', 'json', 'yaml', ...formats]);
      case 'shell':
        return plain(['bash', 'zsh', 'fish']);
    }
  };
}
