import type { DemoPerson, Services } from '../services.js';

/** What the pages are told by the document that they are in. Everybody can read it. `web/settings.ts` reads it. */
export interface PageSettings {
  readonly serviceName: string;
  /** Path of the operator's logo. */
  readonly logo: string | null;
  /** `#rrggbb`. */
  readonly color: string | null;
  readonly terms: string | null;
  readonly privacy: string | null;
  /** Where `return_to` may lead after signing in, beside the service itself. */
  readonly returnOrigins: readonly string[];
  readonly passwordMinLength: number;
  readonly playground: boolean;
  /** Whether mail is shown at /dev/mailbox. */
  readonly mailbox: boolean;
  /** With their passwords: anybody may sign in as one of them. Only in the demo. */
  readonly demoPeople?: readonly DemoPerson[];
}

export function settingsOf({ config, demoPeople }: Pick<Services, 'config' | 'demoPeople'>): PageSettings {
  const { brand } = config;
  return {
    serviceName: config.serviceName,
    logo: brand.logo === undefined ? null : '/logo',
    color: brand.color ?? null,
    terms: brand.terms ?? null,
    privacy: brand.privacy ?? null,
    returnOrigins: config.corsOrigins,
    passwordMinLength: config.passwordMinLength,
    playground: config.playground,
    mailbox: config.mailbox,
    ...(demoPeople && { demoPeople }),
  };
}
