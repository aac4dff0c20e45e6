/** What each exit code means, for people: kind of end -> sentence. */
export const exitCodeMeanings = {
  done: 'done; yes; no changes needed',
  no: 'no: Kapacitor would not carry out the request, an expectation failed, `plan` has changes, `config check` or `doctor` found an error',
  usage: 'wrong usage or bad input; nothing was sent',
  unreachable: 'the server could not be reached or trusted (DNS, refused, timeout, TLS, no leader)',
  refused: 'the server rejected the account (401, 403)',
  'not-found': 'not found',
  exists: 'already exists',
  partial: 'partly done, or the result of a write is unknown; each change is named',
  server: 'the server failed (400, 5xx, LDAP error) or its response is unusable',
  bug: 'a bug in kapadmin',
  'hung-up': 'terminal closed; what was done and what was not is named',
  interrupted: 'interrupted; what was done and what was not is named',
  terminated: 'terminated; what was done and what was not is named',
};
