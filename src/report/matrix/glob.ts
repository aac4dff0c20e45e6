/** Whether a text is of the form of a glob: `*` stands for any characters, `?` for one, all others for themselves. */
export function matchesGlob(glob: string, text: string): boolean {
  const wanted = [...glob];
  const chars = [...text];
  let at = 0;
  let i = 0;
  let star = -1;
  let resume = 0;
  while (i < chars.length) {
    if (wanted[at] === '*') {
      star = at++;
      resume = i;
    } else if (wanted[at] === '?' || wanted[at] === chars[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}
