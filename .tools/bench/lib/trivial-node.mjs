// A meta node that answers at once and keeps nothing: a process of its own, told by messages.
import { createServer } from 'node:http';

const empty = Buffer.alloc(0);
let answers = { '/user': '{"users":[]}', '/role': '{}' };
let afterWrites = answers;
let posts = 0;
let first = 0;
let last = 0;

function answerGet(url, response) {
  const known = posts > 0 ? afterWrites : answers;
  const body = known[url] ?? known[url.split('?', 1)[0]] ?? '{}';
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    answerGet(request.url, response);
    return;
  }
  if (posts++ === 0) first = performance.now();
  request.on('data', () => {});
  request.on('end', () => {
    response.writeHead(200, { 'content-length': 0 }).end(empty);
    last = performance.now();
  });
});
server.keepAliveTimeout = 60_000;

process.on('message', (message) => {
  if (message.set !== undefined) {
    ({ answers, afterWrites = answers } = message.set);
    posts = 0;
    process.send({ ready: true });
  } else process.send({ posts, seconds: (last - first) / 1000 });
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
