import type { Block } from './blocks.js';
import type { Kind, ShownValues } from './kinds.js';

export type Unit = 'days' | 'hours' | 'minutes' | 'seconds';

/** A mail in one language. */
interface MailText<K extends Kind> {
  /** One line, without values: a subject is shown in lists and logs. */
  readonly subject: string;
  /** Follows the greeting. */
  readonly body: (values: ShownValues<K>) => readonly Block[];
}

/** All texts of mails in one language. */
export interface Catalogue {
  /** @param username null: greets without a name */
  readonly greeting: (username: string | null) => string;
  /** The sentence below a link. @param lifetime such as "10 minutes" */
  readonly worksOnce: (lifetime: string) => string;
  /** Stands above the address of a link that has a button. */
  readonly orOpen: string;
  /** @param count at least two */
  readonly duration: (count: number, unit: Unit) => string;
  /** @param day `YYYY-MM-DD` @param time `hh:mm` @param zone such as "UTC" */
  readonly instant: (day: string, time: string, zone: string) => string;
  /** The name of a device from `deviceName`. */
  readonly device: (name: string) => string;
  readonly none: string;
  readonly mails: { readonly [K in Kind]: MailText<K> };
}
