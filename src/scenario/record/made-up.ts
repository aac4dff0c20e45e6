/** What stands in a recorded scenario in place of secrets. */
export const madeUp = {
  rightPassword: 'right-password',
  wrongPassword: 'wrong-password',
  account: { username: 'kapacitor', password: 'made-up-account' },
  internalSecret: 'made-up-internal-secret',
  sharedSecret: 'made-up-shared-secret',
} as const;
