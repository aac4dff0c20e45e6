import Pool from 'undici/lib/dispatcher/pool.js';
import request from 'undici/lib/api/api-request.js';

async function main() {
  const pool = new Pool(process.argv[2]);
  const { statusCode, body } = await request.call(pool, { method: 'GET', path: '/user' });
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  for (const { name } of (await body.json()).users) console.log(name);
  await pool.close();
}
void main();
