/** With what Kapacitor meets a meta node that speaks TLS; texts in PEM. */
export interface MetaTrust {
  readonly verify: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What Kapacitor's own HTTPS shows; texts in PEM. */
export interface FrontTls {
  readonly key: string;
  readonly cert: string;
}
