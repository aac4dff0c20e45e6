// The same POSTs as `apply` sends, by undici alone: `node bare-loop.mjs URL COUNT CONCURRENCY`.
import { Agent, request } from 'undici';

const [, , url, count, concurrency] = process.argv;
const dispatcher = new Agent();
const headers = {
  authorization: `Basic ${Buffer.from('admin:changeit').toString('base64')}`,
  'content-type': 'application/json',
};
const bodies = [];
for (let i = 0; i < Number(count); i++) {
  const name = `user${String(i).padStart(6, '0')}`;
  bodies.push(JSON.stringify({ action: 'create', user: { name, password: 'pa55word' } }));
  bodies.push(JSON.stringify({ action: 'add-permissions', user: { name, permissions: { '': ['ReadData'] } } }));
}

let next = 0;
async function work() {
  while (next < bodies.length) {
    const { body } = await request(`${url}/user`, { method: 'POST', body: bodies[next++], headers, dispatcher });
    await body.dump();
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, work));
await dispatcher.close();
process.exit(0);
