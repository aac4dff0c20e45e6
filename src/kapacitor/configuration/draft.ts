import { Secret } from '../../model/secret.js';
import { fields, type Configuration, type Field, type Origin, type Section } from './fields.js';

type Plain = string | bigint | boolean;

interface DraftSetting {
  readonly value: Plain;
  readonly origin: Origin;
}

const zero: Readonly<Record<Field['type'], Plain>> = { boolean: false, string: '', integer: 0n, duration: 0n };

/** The settings while file and environment are laid over the defaults; numbers are still exact. */
export class Draft {
  readonly #settings = new Map<Field, DraftSetting>();

  get(field: Field): DraftSetting {
    const standard: DraftSetting = { value: field.standard ?? zero[field.type], origin: { from: 'default' } };
    return this.#settings.get(field) ?? standard;
  }

  set(field: Field, value: Plain, origin: Origin): void {
    this.#settings.set(field, { value, origin });
  }

  finish(): Configuration {
    // The table of fields holds the type of each value.
    return { http: this.#section('http'), auth: this.#section('auth') } as Configuration;
  }

  #section(section: Section): Readonly<Record<string, { value: unknown; origin: Origin }>> {
    return Object.fromEntries(
      Object.entries<Field>(fields[section]).map(([name, field]) => {
        const { value, origin } = this.get(field);
        const plain = typeof value === 'bigint' ? Number(value) : value;
        return [name, { value: field.isSecret && typeof plain === 'string' ? new Secret(plain) : plain, origin }];
      }),
    );
  }
}
