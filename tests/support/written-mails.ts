import { minutes } from '../../src/clock.js';
import { Mails } from '../../src/mail/mails.js';
import type { Templates } from '../../src/mail/templates.js';
import { type Kind, sortsOf, type Values } from '../../src/mail/texts/kinds.js';
import type { Language } from '../../src/mail/texts/languages.js';
import type { Message } from '../../src/mail/transport.js';
import { deviceName } from '../../src/texts/device-name.js';

export const publicUrl = 'https://accounts.example.org';
export const at = new Date('2026-11-26T08:00:00Z');
export const ada = { email: 'ada@example.com', username: 'ada', language: null, timezone: null } as const;

export const mailsOf = (templates: Templates = new Map(), service = 'Gatehouse'): Mails =>
  new Mails(() => publicUrl, service, templates, { now: () => at });

interface Written {
  readonly language?: Language | null;
  readonly timezone?: string | null;
  /** Stands in each place that other users can fill; also the recipient's username. */
  readonly name?: string;
  /** Of every link, in milliseconds. */
  readonly lifetime?: number;
  readonly templates?: Templates;
}

/** A mail of any kind, with made-up values. */
export function written(kind: Kind, { templates, ...how }: Written = {}): Message {
  const { language = null, timezone = null, name = 'ada' } = how;
  const recipient = { email: ada.email, username: name, language, timezone };
  return mailsOf(templates).write(kind, recipient, madeUp(kind, how) as Values<Kind>);
}

function madeUp(kind: Kind, { name = 'ada', lifetime = minutes(10) }: Written) {
  const bySort = {
    text: '2001:db8::1',
    name,
    device: deviceName(name),
    count: 3,
    instant: at,
    link: { token: 'abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE', lifetime },
  } as const;
  return Object.fromEntries(Object.entries(sortsOf(kind)).map(([value, { sort }]) => [value, bySort[sort]]));
}
