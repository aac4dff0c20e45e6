import { createServer } from 'node:http';

const entries = Array.from({ length: 500 }, (_, i) => `{"name":"user${i}","permissions":{"":["ReadData"]}},`).join('');

/** Starts a meta node whose answers to requests of one method never end; to others they are empty. */
export async function startEndlessNode(method = 'GET') {
  const server = createServer((request, response) => {
    if (request.method !== method) {
      response.end('{}');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(request.url.startsWith('/role') ? '{"roles":[' : '{"users":[');
    const more = () => {
      while (!response.destroyed && response.write(entries));
    };
    response.on('drain', more);
    more();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
