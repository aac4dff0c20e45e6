import type { Socket } from 'node:net';
import type { HttpRequest } from '../../kapacitor/request.js';
import type { Trace } from '../../kapacitor/trace.js';
import { routeOf, type Answer } from './answers.js';
import { Body } from './body.js';
import { frame, type Framed } from './framing.js';
import { badRequest, headerTooLarge, parseHead, parseRequestLine, type Head } from './head.js';
import { Source } from './source.js';

/** What answers the requests of a connection. */
export interface Answering {
  decide(request: HttpRequest): Promise<Trace>;
  /** The answer, its body compressed. `body` is the request's where its route reads it. */
  answer(trace: Trace, request: HttpRequest, body: string): Answer;
  /** In the form of HTTP. */
  date(): string;
}

/** Go's DefaultMaxHeaderBytes and the room that its buffer adds. */
const headLimit = 1024 * 1024 + 4096;
/** How much of a body that no route reads is dropped before the answer; with more the connection ends. */
const dropLimit = 256 * 1024;
const readLimit = 1024 * 1024;

const expectationFailed: Answer = { status: 417, headers: [['Connection', 'close']], body: '', gzip: 0 };

type HeadRead = { readonly head: Head } | { readonly answer: Answer } | undefined;

/** The next request's head, or the server's own answer to it; undefined at the end of the connection. */
async function readHead(source: Source): Promise<HeadRead> {
  const first = await source.line(headLimit);
  if (!('text' in first)) {
    if (first.end === 'clean') return undefined;
    return { answer: first.end === 'cut' ? badRequest : headerTooLarge };
  }
  const requestLine = parseRequestLine(first.text.replace(/\r$/, ''));
  if (!requestLine.ok) return { answer: requestLine.answer };
  const lines: string[] = [];
  for (let left = headLimit - first.text.length; ;) {
    const line = await source.line(left);
    if (!('text' in line)) return { answer: line.end === 'too-long' ? headerTooLarge : badRequest };
    left -= line.text.length + 1;
    const text = line.text.replace(/\r$/, '');
    if (text === '') break;
    lines.push(text);
  }
  const head = parseHead(requestLine.value, lines);
  return head.ok ? { head: head.value } : { answer: head.answer };
}

/** Drops what is left of a body, so that the next request can be read; false where the connection has to end. */
async function dropBody(body: Body): Promise<boolean> {
  if (body.isRead) return true;
  if (body.left >= dropLimit) return false;
  return (await body.read(dropLimit + 1, false)).end === 'whole';
}

/** One connection to the front: its requests one after the other, as net/http serves them. */
export class Connection {
  readonly #socket: Socket;
  readonly #answering: Answering;
  readonly #source: Source;
  /** A request is being answered. */
  isBusy = false;

  constructor(socket: Socket, answering: Answering) {
    this.#socket = socket;
    this.#answering = answering;
    this.#source = new Source(socket);
  }

  #frame(answer: Answer, head: Head, mustClose: boolean): Framed {
    return frame(answer, { ...head, method: head.request.method }, this.#answering.date(), mustClose);
  }

  async #exchange(head: Head): Promise<Framed> {
    if (head.expects === 'unknown') return this.#frame(expectationFailed, head, true);
    const { request } = head;
    const body = new Body(this.#source, head.length);
    const trace = await this.#answering.decide(request);
    const reading = routeOf(trace, request)?.body;
    let text = '';
    if (reading !== undefined) {
      if (head.expects === 'continue') this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      ({ text } = await body.read(reading === 'read' ? readLimit : Infinity, reading === 'read'));
    }
    const answer = this.#answering.answer(trace, request, text);
    const isAwaited = head.expects === 'continue' && !body.isRead;
    return this.#frame(answer, head, isAwaited || (!head.closes && !(await dropBody(body))));
  }

  /** Serves until the connection ends; the socket is then to be closed. */
  async serve(): Promise<void> {
    await this.#serveAll();
    await this.#source.release();
  }

  async #serveAll(): Promise<void> {
    for (;;) {
      const read = await readHead(this.#source);
      if (read === undefined) return;
      this.isBusy = true;
      const framed =
        'head' in read
          ? await this.#exchange(read.head)
          : frame(read.answer, { isHttp11: true, closes: true, keepAlive10: false, method: '' }, '', true);
      this.#socket.write(Buffer.from(framed.bytes, 'latin1'));
      this.isBusy = false;
      if (framed.closes) return;
      if ('head' in read && read.head.request.method === 'POST') this.#source.dropLineEnds();
    }
  }
}
