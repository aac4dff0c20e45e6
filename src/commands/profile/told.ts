/** The text of a change to the user's files, and whether it was only tried. */
export function told(text: string, dryRun: boolean): string {
  return dryRun ? `${text}Dry run: nothing was written.\n` : text;
}
