import type { Sandbox } from './options.js';

/** Every so many ms kills the leader, and revives the one that was killed before. Returns what ends that. */
export function killLeaders(cluster: Pick<Sandbox, 'leader' | 'kill' | 'revive'>, every: number): () => Promise<void> {
  let dead: number | undefined;
  let turn: Promise<void> | undefined;

  async function takeTurn(): Promise<void> {
    if (dead !== undefined) await cluster.revive(dead);
    dead = cluster.leader();
    if (dead !== undefined) await cluster.kill(dead);
  }

  const timer = setInterval(() => {
    // Where its port was taken in the meantime, the dead one is tried again the next time.
    turn ??= takeTurn()
      .catch(() => undefined)
      .finally(() => {
        turn = undefined;
      });
  }, every).unref();
  return async () => {
    clearInterval(timer);
    await turn;
  };
}
