import { type DescribedVariable, described } from './described.js';
import { isFromDotEnv } from './dot-env-variables.js';
import type { Environment } from './environment.js';

/** Where the value of a variable comes from; also the values of the GraphQL enum `SettingSource`. */
export enum SettingSource {
  ENVIRONMENT = 'ENVIRONMENT',
  FILE = 'FILE',
  DOT_ENV = 'DOT_ENV',
  DEFAULT = 'DEFAULT',
}

/** A variable as it is in force. */
export interface Setting extends DescribedVariable {
  readonly source: SettingSource;
  /** Whether its value is never shown. */
  readonly isHidden: boolean;
  /** As it is written in the environment, or the default; null: hidden, not set, or a default that depends. */
  readonly value: string | null;
}

/**
 * Variables with free text whose value may be shown. A variable with free text that is not listed is hidden, so that a new
 * one with a secret in it is never shown by mistake.
 */
const shown: ReadonlySet<string> = new Set([
  'HOST',
  'PUBLIC_URL',
  'CORS_ORIGINS',
  'TRUSTED_PROXIES',
  'PAGES_LOGO',
  'PAGES_COLOR',
  'PAGES_TERMS_URL',
  'PAGES_PRIVACY_URL',
  'TRUSTED_DOCUMENTS',
  'DATA_DIR',
  'EVENT_HEADS_FILE',
  'MAIL_TEMPLATES',
  'SERVICE_NAME',
  'MAIL_FROM',
  'ADMIN_USERNAME',
  'ADMIN_EMAIL',
  'METRICS_HOST',
  'METRICS_OPERATIONS',
  'LOG_FILE',
  'OTEL_SERVICE_NAME',
]);

/** Types as docs/configuration.md names them that leave no room for a secret: numbers, and lists of words to choose from. */
const withoutFreeText = /^(?:number |rate$|duration|`[\w./-]+`(?:, `[\w./-]+`)*$)/;

/** Names and passwords in URLs. */
const userinfo = /(?<=:\/\/)[^/?#\s]*@/g;

/** The configuration as it can be shown. A class, so that secrets in the environment are no property of the config. */
export class Settings {
  readonly #env: Environment;
  readonly #values: Environment;

  /** @param values the environment with what its files hold */
  constructor(env: Environment, values: Environment) {
    this.#env = env;
    this.#values = values;
  }

  /** All variables by topic, in the order of docs/configuration.md. */
  list(): Setting[] {
    return described.map((variable) => {
      const source = this.sourceOf(variable.name);
      const isHidden = !shown.has(variable.name) && !withoutFreeText.test(variable.type);
      const given = source === SettingSource.DEFAULT ? variable.byDefault : (this.#values[variable.name] ?? null);
      return { ...variable, source, isHidden, value: isHidden ? null : (given?.replaceAll(userinfo, '…@') ?? null) };
    });
  }

  private sourceOf(name: string): SettingSource {
    if (!this.#values[name]) return SettingSource.DEFAULT;
    if (!this.#env[name]) return SettingSource.FILE;
    return isFromDotEnv(this.#env, name) ? SettingSource.DOT_ENV : SettingSource.ENVIRONMENT;
  }
}
