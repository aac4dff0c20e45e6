/** What each exit code means, for people: kind of end -> sentence. */
export const exitCodeMeanings = {
  done: 'done; the answer is yes; nothing to change; stdout closed early by a reader',
  no: 'the answer is no: denied (or redirected, unrouted, a bad request), an expectation failed, `plan` has changes, `config check` or `doctor` found an error',
  usage: 'wrong usage or bad input; nothing was sent',
  unreachable:
    'could not reach or trust the server (DNS, refused, timeout, TLS, no leader), so the answer is not known',
  refused: 'the server refused us (401, 403)',
  'not-found': 'not found',
  exists: 'exists already',
  partial: 'partly done, or the fate of a write stayed unknown: each is named',
  server: 'the server answered an error of its own (400, 5xx, LDAP refusal) or nothing readable',
  bug: 'a bug in kapadmin (and it says so)',
  'hung-up': 'hung up; what was done and what not is named',
  interrupted: 'interrupted; what was done and what not is named',
  terminated: 'terminated; what was done and what not is named',
};
