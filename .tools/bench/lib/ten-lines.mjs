// What a script that lists users costs with undici alone: `node ten-lines.mjs URL`.
import { request } from 'undici';

const { statusCode, body } = await request(`${process.argv[2]}/user`);
if (statusCode !== 200) throw new Error(`status ${statusCode}`);
const { users } = await body.json();
for (const { name } of users) {
  console.log(name);
}
