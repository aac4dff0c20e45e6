import { toText } from '../../go-compat/utf8.js';
import { readRequest, type HttpRequest } from '../../kapacitor/request.js';
import { verdictOf, type Trace } from '../../kapacitor/trace.js';
import { noEndpoint } from '../../model/endpoint-match.js';
import { explanation, type Explanation } from './explanation.js';

/** What Kapacitor answers to a request that passed authentication and authorization, and that it cannot carry out. */
export interface Unserved {
  readonly status: 400 | 404;
  readonly message: string;
  readonly explanation: Explanation;
}

function endpointOf(request: HttpRequest): string | undefined {
  const read = readRequest(request);
  return read.ok ? noEndpoint(toText(request.method), toText(read.url.path)) : undefined;
}

/** Why a request that is let in comes to nothing: no such endpoint, no database; undefined where it does not. */
export function unservedOf(request: HttpRequest, trace: Trace): Unserved | undefined {
  if (verdictOf(trace).verdict !== 'allow') return undefined;
  const fault = endpointOf(request);
  if (fault !== undefined) return { status: 404, message: 'Not Found', explanation: explanation('no-endpoint', fault) };
  const lacksDatabase = trace.some((step) => step.kind === 'database' && step.decidedBy === 'no-database');
  if (!lacksDatabase) return undefined;
  const fix = { what: 'Name the database', setting: '?db=NAME' };
  return {
    status: 400,
    message: 'database is required',
    explanation: explanation('no-database', 'a write needs a database, whatever the user may do', [fix]),
  };
}

/** What to know of a refused request besides: with the privilege it would be a 404. */
export function endpointNote(request: HttpRequest, trace: Trace): readonly string[] {
  if (verdictOf(trace).status !== 403) return [];
  const fault = endpointOf(request);
  return fault === undefined ? [] : [fault];
}
