import { request } from 'undici';

async function main() {
  const { statusCode, body } = await request(`${process.argv[2]}/user`);
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
  for (const { name } of (await body.json()).users) console.log(name);
}
void main();
