/** The part of a URL that a text is escaped for (Go's net/url encoding modes). */
export type Part = 'path' | 'host' | 'zone' | 'user' | 'query' | 'fragment';

const unreserved = /[A-Za-z0-9\-_.~]/;

/** Characters that each part leaves as they are, beside the unreserved ones (net/url shouldEscape). */
const kept: Readonly<Record<Part, string>> = {
  path: '$&+,/:;=@',
  host: '!$&\'()*+,;=:[]<>"',
  zone: '!$&\'()*+,;=:[]<>"',
  user: '$&+,;=',
  query: '',
  fragment: '$&+,/:;=?@!()*',
};

export function shouldEscape(char: string, part: Part): boolean {
  return !unreserved.test(char) && !kept[part].includes(char);
}

/** Go's url escaping of a binary string; in a query a blank becomes `+`. */
export function escape(binary: string, part: Part): string {
  let text = '';
  for (const char of binary) {
    if (char === ' ' && part === 'query') text += '+';
    else if (!shouldEscape(char, part)) text += char;
    else text += `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

const escaped = /^%[0-9A-Fa-f]{2}$/;

/** Go's url unescaping; undefined where Go gives an error. */
export function unescape(text: string, part: Part): string | undefined {
  let binary = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '%') {
      const sequence = text.slice(i, i + 3);
      if (!escaped.test(sequence)) return undefined;
      const code = parseInt(sequence.slice(1), 16);
      if (part === 'host' && code < 0x80 && sequence !== '%25') return undefined;
      if (part === 'zone' && sequence !== '%25' && code !== 0x20 && shouldEscape(String.fromCharCode(code), part)) {
        return undefined;
      }
      binary += String.fromCharCode(code);
      i += 2;
    } else if (char === '+' && part === 'query') {
      binary += ' ';
    } else if ((part === 'host' || part === 'zone') && char < '\u0080' && shouldEscape(char, part)) {
      return undefined;
    } else {
      binary += char;
    }
  }
  return binary;
}
