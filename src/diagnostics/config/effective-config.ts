import { checkOnThisMachine } from '../../kapacitor-config/tls-files.js';
import {
  type ConfigField,
  configFields,
  isSupported,
  type ConfigOrigin,
  type ConfigSection,
  type Configuration,
} from '../../kapacitor-config/fields.js';
import { otherSectionFaults, outlineConfig, readConfiguration } from '../../kapacitor-config/read.js';
import { defaultVersion, type KapacitorVersion } from '../../model/kapacitor-versions.js';
import {
  type ConfigInput,
  type ConfigSettingName,
  type ConfigTlsFiles,
  displayValue,
  environmentSubject,
} from './facts.js';
import { daemonMessage, inexactProblem } from './redact.js';

/** A value that the daemon uses; `text` is fit for a terminal, secrets are `***`. */
export interface EffectiveSetting {
  readonly section: ConfigSection;
  readonly key: string;
  readonly text: string;
  readonly origin: ConfigOrigin;
}

/** What the daemon would use, or what it says where it refuses. */
export interface EffectiveConfig {
  readonly file: string | undefined;
  readonly environment: string;
  /** The word for them, with how their file was read. */
  readonly environmentSubject: string;
  /** None where the configuration cannot be read. */
  readonly settings: readonly EffectiveSetting[];
  readonly refusal: string | undefined;
  /** The problem in words of 1.8, where those of the release are not known. */
  readonly problem?: string;
}

function settingsOf(configuration: Configuration, version: KapacitorVersion): readonly EffectiveSetting[] {
  return (['http', 'auth'] as const).flatMap((section) => {
    const settings = configuration[section] as Readonly<Record<string, { readonly origin: ConfigOrigin }>>;
    const fields = Object.entries<ConfigField>(configFields[section]).filter(([, field]) =>
      isSupported(field, version),
    );
    return fields.map(([name, { key }]): EffectiveSetting => {
      const origin = settings[name]?.origin ?? { from: 'default' };
      return { section, key, text: displayValue(configuration, [section, name] as ConfigSettingName), origin };
    });
  });
}

/** The values of [http] and [auth] with which the daemon would run. */
export function effectiveConfig(input: ConfigInput, tlsFiles: ConfigTlsFiles): EffectiveConfig {
  const content = input.file?.content ?? '';
  const known = {
    file: input.file?.path,
    environmentSubject: environmentSubject(input.environment),
    environment: input.environment.from,
  };
  const reading = readConfiguration(content, input.environment.variables, input.version);
  if (!reading.starts) {
    const outline = outlineConfig(content, input.version);
    const problem = inexactProblem(reading, outline);
    const refusal = daemonMessage(reading, outline);
    return {
      ...known,
      settings: [],
      refusal,
      ...(problem === undefined ? {} : { problem: `line ${reading.line}: ${problem}` }),
    };
  }
  const { configuration } = reading;
  const check = checkOnThisMachine(configuration, tlsFiles);
  const rest =
    input.file === undefined ? undefined : otherSectionFaults(content, input.environment.variables, input.version)[0];
  const refusal = rest?.message ?? (check.starts ? undefined : check.message);
  return { ...known, settings: settingsOf(configuration, input.version ?? defaultVersion), refusal };
}
