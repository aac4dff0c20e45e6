import type { Deps } from '../../cli/factory.js';
import { usageError, type KapadminError } from '../../errors.js';
import type { Asked } from '../../login/asked.js';
import type { TestedLogin } from '../../login/test.js';
import { wholePath } from '../../settings/state-files.js';

/** Throws a usage error where a login test cannot be recorded into this file. */
export async function checkRecord(file: string, requests: readonly Asked[], deps: Deps): Promise<void> {
  const { formOf } = await import('../../scenario/record/text.js');
  formOf(file);
  if (requests.length !== 1) {
    throw usageError('no-path', '--record needs a path in --url', 'A scenario is the life of one request.');
  }
  await deps.context.files.checkWritable(wholePath(file, deps.context));
}

/** Writes the scenario that replays a login test; it is for its owner's eyes alone. Resolves to why it cannot be written. */
export async function writeRecording(
  file: string,
  asked: Asked,
  { life }: TestedLogin,
  deps: Deps,
): Promise<KapadminError | undefined> {
  const { notes, context } = deps;
  if (life === undefined) {
    notes.warn('nothing was recorded: Kapacitor does not start with this configuration');
    return undefined;
  }
  const { recordScenario } = await import('../../scenario/record/record.js');
  const { formOf, scenarioText } = await import('../../scenario/record/text.js');
  const { makeTools } = await import('../../scenario/tools.js');
  const name = file.replace(/^.*\/|\.[^.]*$/gs, '');
  const scenario = await recordScenario(name, { ...life, request: asked.request }, makeTools(context.files));
  const text = await scenarioText(scenario, formOf(file));
  try {
    await context.files.writeWhole(wholePath(file, context), text, 0o600);
  } catch (error) {
    const { undelivered } = await import('../../output/render-error.js');
    return undelivered(error, context.stop, undefined);
  }
  const { observed } = life;
  const fails =
    observed === undefined
      ? ''
      : ` It expects what Kapacitor responded (${observed.status}), so that its replay fails: the prediction differs.`;
  notes.note(`Recorded in ${file}; its passwords, hashes and tokens are replaced by placeholders.${fails}`);
  return undefined;
}
