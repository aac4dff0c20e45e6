/** What a person sees of a program in a terminal: the lines after cursor movements and erasures, without colours. */
export class Screen {
  readonly #lines: string[][] = [[]];
  readonly #columns: number;
  #row = 0;
  #column = 0;
  /** The beginning of an escape sequence whose end has not come yet. */
  #pending = '';

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    const all = this.#pending + text;
    this.#pending = '';
    const parts = /\u001b\[([\d;?]*)([A-Za-z])|\u001b\][^\u0007]*\u0007|\u001b[78=>]|\u001b.{0,20}$|[^]/gu;
    for (const [part, numbers, letter] of all.matchAll(parts)) {
      if (letter !== undefined) this.#control(letter, numbers ?? '');
      else if (part.startsWith('\u001b') && !/\u0007$|[78=>]$/.test(part)) this.#pending = part;
      else if (!part.startsWith('\u001b')) this.#put(part);
    }
  }

  #line(row = this.#row): string[] {
    while (this.#lines.length <= row) this.#lines.push([]);
    return this.#lines[row] ?? [];
  }

  #put(char: string): void {
    if (char === '\n') this.#row++;
    else if (char === '\r') this.#column = 0;
    else if (char === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (char >= ' ') {
      if (this.#column >= this.#columns) {
        this.#row++;
        this.#column = 0;
      }
      const line = this.#line();
      while (line.length < this.#column) line.push(' ');
      line[this.#column++] = char;
    }
    this.#line();
  }

  #control(letter: string, numbers: string): void {
    const [first = 0, second = 0] = numbers.split(';').map(Number);
    const count = Math.max(1, first);
    if (letter === 'A') this.#row = Math.max(0, this.#row - count);
    else if (letter === 'B') this.#row += count;
    else if (letter === 'C') this.#column += count;
    else if (letter === 'D') this.#column = Math.max(0, this.#column - count);
    else if (letter === 'G') this.#column = count - 1;
    else if (letter === 'H') [this.#row, this.#column] = [count - 1, Math.max(1, second) - 1];
    else if (letter === 'K') this.#eraseLine(first);
    else if (letter === 'J') this.#eraseScreen(first);
  }

  #eraseLine(what: number): void {
    const line = this.#line();
    if (what === 0) line.length = Math.min(line.length, this.#column);
    else line.fill(' ', 0, what === 2 ? line.length : this.#column + 1);
  }

  #eraseScreen(what: number): void {
    if (what === 0) {
      this.#eraseLine(0);
      this.#lines.length = Math.min(this.#lines.length, this.#row + 1);
    } else this.#lines.forEach((line) => line.fill(' '));
  }

  /** The lines, without spaces at their ends and empty lines at the end. */
  text(): string {
    return this.#lines
      .map((line) => line.join('').trimEnd())
      .join('\n')
      .trimEnd();
  }
}
