/** An element of XML; `text` is what stands directly in it. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const tokens =
  /<\?xml version="1\.0" encoding="UTF-8"\?>|<(?<open>[A-Za-z][\w.-]*)(?<attributes>(?:\s+[A-Za-z][\w.-]*="[^"<]*")*)\s*(?<empty>\/?)>|<\/(?<close>[A-Za-z][\w.-]*)>|(?<text>[^<]+)/gy;

function decode(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const code = /^#(\d+)$/.exec(name)?.[1];
    const char = code === undefined ? entities[name] : String.fromCodePoint(Number(code));
    if (char === undefined || !whole.endsWith(';')) throw new Error(`no entity: ${whole}`);
    return char;
  });
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([\w.-]+)="([^"]*)"/g)) {
    if (found.has(name)) throw new Error(`attribute ${name} twice`);
    found.set(name, decode(value));
  }
  return found;
}

/** Reads what our reports are written in: elements, attributes and text of XML 1.0. Throws where it is not well formed. */
export function readXml(document: string): Element {
  if (forbidden.test(document)) throw new Error('a character that XML cannot hold');
  const root: Open = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < document.length) {
    const at = tokens.lastIndex;
    const groups = tokens.exec(document)?.groups;
    const inner = open.at(-1);
    if (groups === undefined && !document.startsWith('<?xml', at))
      throw new Error(`no XML: ${document.slice(at, at + 40)}`);
    if (groups === undefined || inner === undefined) throw new Error('an end without a beginning');
    if (groups['text'] !== undefined) {
      inner.text += decode(groups['text']);
    } else if (groups['close'] !== undefined) {
      if (inner.name !== groups['close']) throw new Error(`</${groups['close']}> closes <${inner.name}>`);
      open.pop();
    } else if (groups['open'] !== undefined) {
      const attributes = attributesOf(groups['attributes'] ?? '');
      const element: Open = { name: groups['open'], attributes, children: [], text: '' };
      inner.children.push(element);
      if (groups['empty'] === '') open.push(element);
    }
  }
  const [element] = root.children;
  if (open.length !== 1 || element === undefined || root.children.length !== 1) throw new Error('not one element');
  return element;
}
