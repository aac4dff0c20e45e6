interface Listener {
  readonly call: () => void;
  at: number;
}

const listeners = new WeakMap<AbortSignal, Listener[]>();

function listenersOf(signal: AbortSignal): Listener[] {
  const found = listeners.get(signal);
  if (found !== undefined) return found;
  const list: Listener[] = [];
  listeners.set(signal, list);
  signal.addEventListener(
    'abort',
    () => {
      for (const { call } of list.slice()) call();
    },
    { once: true },
  );
  return list;
}

const nothing = (): void => undefined;

/** Calls back when the signal is aborted, with one listener for any number of requests; returns what ends that. */
export function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal === undefined) return nothing;
  const list = listenersOf(signal);
  const listener = { call, at: list.length };
  list.push(listener);
  return () => {
    const last = list.pop();
    if (last === undefined || last === listener) return;
    list[listener.at] = last;
    last.at = listener.at;
  };
}
