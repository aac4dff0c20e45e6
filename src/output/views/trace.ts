import { describeTrace } from '../../diagnostics/login/trace-lines.js';
import { toText } from '../../go-compat/utf8.js';
import type { StepOutcome, Trace, TraceStep } from '../../auth-engine/trace.js';
import { type Style, styled, type Text } from '../style.js';

const labelWidth = 14;

function marks(color: Style['color']): Readonly<Record<StepOutcome, Text>> {
  return { pass: color.green('✔'), fail: color.red('✖'), info: color.dim('·') };
}

/** The steps of a trace before its verdict, one line each, for people. */
export function traceLines(trace: Trace, account: string, { color }: Style): Text[] {
  const symbols = marks(color);
  return describeTrace(trace, account).map(
    ({ outcome, label, text }) => styled` ${symbols[outcome]} ${label.padEnd(labelWidth)} ${text}`,
  );
}

function textOrNull(binary: string | null): string | null {
  return binary === null ? null : toText(binary);
}

/** A step with its bytes as text. */
function shownStep(step: TraceStep): object {
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

/** A request in one line: `5m GET /kapacitor/v1/tasks as johndoe`. */
export function requestName(request: {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly user: string | null;
}): string {
  const { at, method, path, user } = request;
  return `${at} ${method} ${path}${user === null ? '' : ` as ${user}`}`;
}

/** The steps of a trace as JSON prints them; secrets in it print as `***`. */
export function traceJson(trace: Trace): readonly object[] {
  return trace.map(shownStep);
}
