/** Who sends the requests: what may be shown of credentials. */
export type Account = { readonly kind: 'none' } | { readonly kind: 'basic' | 'bearer'; readonly username: string };

/** One thing that happened on the wire, with every secret out: what `--show-request`, `--debug` and traces print. */
export type MetaEvent =
  | {
      readonly type: 'request';
      /** Counts the requests of a client, from 1; the answer or failure has the same. */
      readonly id: number;
      readonly method: string;
      readonly url: string;
      /** Without Authorization: see `account`. */
      readonly headers: Readonly<Record<string, string>>;
      readonly account: Account;
      /** JSON; passwords and hashes are `***`. */
      readonly body: string | undefined;
    }
  | {
      readonly type: 'answer';
      readonly id: number;
      readonly method: string;
      readonly url: string;
      readonly status: number;
      readonly ms: number;
      /** Length of the body. */
      readonly bytes: number;
      /** The target of a redirect. */
      readonly location: string | undefined;
    }
  | {
      readonly type: 'failure';
      readonly id: number;
      readonly method: string;
      readonly url: string;
      readonly code: string;
      readonly ms: number;
    }
  /** A pause before the next try, and the code of the error that asks for it. */
  | { readonly type: 'wait'; readonly code: string; readonly ms: number };
