import { apply, copyState, type ClusterState, type Write } from './store.js';

/** The state as it was `lag` ms ago: what followers read. */
export interface Replica {
  append(write: Write): void;
  state(): ClusterState;
}

export function makeReplica(committed: ClusterState, lag: number, now: () => number): Replica {
  if (lag <= 0) return { append() {}, state: () => committed };
  const state = copyState(committed);
  const waiting: { readonly due: number; readonly write: Write }[] = [];
  const catchUp = (): void => {
    const time = now();
    const due = waiting.findIndex((entry) => entry.due > time);
    const ready = waiting.splice(0, due < 0 ? waiting.length : due);
    for (const { write } of ready) apply(state, write);
  };
  return {
    append(write) {
      catchUp();
      waiting.push({ due: now() + lag, write });
    },
    state() {
      catchUp();
      return state;
    },
  };
}
