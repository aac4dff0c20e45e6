/** Which layer a value came from. */
export type Origin =
  | { readonly from: 'flag' | 'environment'; readonly name: string }
  | { readonly from: 'profile'; readonly profile: string; readonly file: string }
  | { readonly from: 'typed' | 'default' };

/** Where to look for a value that is wrong: `--timeout`, or the key and its file. */
export function placeOf(origin: Origin, key: string): string {
  switch (origin.from) {
    case 'flag':
    case 'environment':
      return origin.name;
    case 'profile':
      return `"${key}" of the profile "${origin.profile}" in ${origin.file}`;
    case 'typed':
    case 'default':
      return key;
  }
}

/** The layer in words, for a table. */
export function originText(origin: Origin): string {
  switch (origin.from) {
    case 'flag':
    case 'environment':
      return origin.name;
    case 'profile':
      return `profile ${origin.profile} in ${origin.file}`;
    case 'typed':
    case 'default':
      return origin.from;
  }
}
