/** The outputs that every command has. */
export const commonFormats: readonly string[] = ['table', 'json', 'yaml'];
