import type { UsedConfig, UsedSetting } from '../../report/findings/config/used.js';
import type { Style } from '../style.js';
import { renderTable } from '../table.js';
import { joinBlocks, styled, type Lines } from '../styled.js';
import type { View } from '../view.js';

function originText({ origin }: UsedSetting, { file, environment }: UsedConfig): string {
  if (origin.from === 'file') return `${file ?? 'the file'}:${origin.line}:${origin.column}`;
  return origin.from === 'environment' ? `${origin.name} of ${environment}` : 'default';
}

function section(name: UsedSetting['section'], used: UsedConfig, style: Style): Lines {
  const settings = used.settings.filter((one) => one.section === name);
  const rows = settings.map((one) => [one.key, one.text, originText(one, used)]);
  return [style.color.bold(`[${name}]`), ...renderTable({ columns: ['key', 'value', 'from'], rows }, style)];
}

/** What `starts` is about. */
const covered = '[http], [auth], data_dir, hostname and the list sections; the rest of the file is not judged';

const fixedHour = 'An accepted password is remembered for 1 h; no setting changes that.';

function text(used: UsedConfig, style: Style): Lines {
  const { file, environment, environmentSubject, settings, refusal } = used;
  const subjects = [`kapacitor.conf: ${file ?? 'none'}`, `${environmentSubject}: ${environment}`];
  const told = refusal === undefined ? [] : [styled`${style.color.red('The daemon does not start:')} ${refusal}`];
  const sections =
    settings.length === 0 ? [] : [section('http', used, style), [...section('auth', used, style), fixedHour]];
  return joinBlocks([subjects, ...sections, [`Judged: ${covered}.`], told]);
}

/** What the daemon uses, each value with where it comes from. */
export const usedConfigView: View<UsedConfig> = {
  text,
  json: ({ file = null, environment, settings, refusal }) => ({
    file,
    environment,
    starts: refusal === undefined,
    startsCovers: covered,
    message: refusal ?? null,
    settings: settings.map(({ section, key, text: value, origin }) => ({ section, key, value, origin })),
  }),
};
