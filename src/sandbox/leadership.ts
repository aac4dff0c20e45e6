import type { MetaNode } from './node.js';
import { errorReply, redirectReply, type Reply } from './reply.js';

/** What a node that does not lead answers to a write: 307 to the leader, or 503 while there is none. */
export function elsewhere(node: MetaNode, path: string): Reply | undefined {
  const { self, leader } = node.membership();
  if (leader === undefined) return errorReply(503, 'no leader');
  return leader.id === self.id ? undefined : redirectReply(`${leader.scheme}://${leader.httpAddr}${path}`);
}
