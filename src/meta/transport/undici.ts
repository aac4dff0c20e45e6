/**
 * undici's dispatchers by their own modules, with the part of its API that they call: its entry also loads fetch,
 * WebSocket and caches, and with them the undici inside Node. Why: docs/maintainers/decisions.md.
 */
import connect from 'undici/lib/api/api-connect.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';

// ProxyAgent opens its tunnels by this method, which undici's entry adds.
Object.assign(Dispatcher.prototype, { connect });

export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as Pool } from 'undici/lib/dispatcher/pool.js';
export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
