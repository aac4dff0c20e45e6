import type { Step, Trace } from '../../kapacitor/trace.js';
import { showTime } from '../../model/time.js';
import type { Surroundings } from './explanation.js';

const openAlarms: Readonly<Record<string, string>> = {
  'authentication-off': '[http] auth-enabled is false: Kapacitor asks nobody, every request is the admin’s.',
  pprof: '[http] pprof-enabled is true: these pages are open to everybody.',
};

/** What should worry about a step that passed. */
function alarmOf(step: Step, around: Surroundings, trace: Trace): string | undefined {
  switch (step.kind) {
    case 'open':
      return openAlarms[step.why];
    case 'noauth':
      return 'noauth: [auth] enabled is false while [http] auth-enabled is true, so that any user name with any password is the admin.';
    case 'token':
      if (step.outcome === 'fail' || !step.emptySecret) return undefined;
      return '[http] shared-secret is empty: anybody can sign a token for any user, with the empty key.';
    case 'password': {
      const cache = trace.find((one) => one.kind === 'user-cache');
      const fresh = trace.some((one) => one.kind === 'document');
      const checked = trace.some((one) => one.kind === 'password' && one.hashLookedAt && one.outcome === 'pass');
      if (step.by !== 'password-cache' || step.rememberedUntil === undefined || !fresh || checked) return undefined;
      const until = showTime(around.at + step.rememberedUntil / 1e6);
      const user = cache?.user ?? '';
      return `The password cache accepted ${user} without a look at the hash just read: an old password works until ${until}.`;
    }
    default:
      return undefined;
  }
}

/** What should alarm about a request, above all where it is allowed. `around.at` is the daemon's start. */
export function alarmsOf(trace: Trace, around: Surroundings): readonly string[] {
  const told = trace.flatMap((step) => {
    const alarm = alarmOf(step, around, trace);
    return alarm === undefined ? [] : [alarm];
  });
  return [...new Set(told)];
}
