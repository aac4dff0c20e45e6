import { toText } from '../go-compat/utf8.js';
import type { Step, Trace } from '../kapacitor/trace.js';

function textOrNull(binary: string | null): string | null {
  return binary === null ? null : toText(binary);
}

/** A step with its bytes as text. */
function shownStep(step: Step): object {
  switch (step.kind) {
    case 'verdict': {
      const { message, user, location } = step;
      return { ...step, message: textOrNull(message), user: textOrNull(user), location: textOrNull(location) };
    }
    case 'lookup':
      return step.error === undefined ? step : { ...step, error: toText(step.error) };
    case 'own-store':
      return step.message === undefined ? step : { ...step, message: toText(step.message) };
    case 'user-store':
    case 'write-body':
      return { ...step, response: JSON.parse(toText(JSON.stringify(step.response))) as object };
    case 'subscription':
      return step.message === undefined ? step : { ...step, message: toText(step.message) };
    default:
      return step;
  }
}

/** The steps of a trace as JSON prints them; secrets in it print as `***`. */
export function traceJson(trace: Trace): readonly object[] {
  return trace.map(shownStep);
}
