import { randomUUID } from 'node:crypto';
import { after, type Clock } from '../clock.js';
import { asHtml, escaped } from './as-html.js';
import { asText } from './as-text.js';
import type { Recipient } from './recipient.js';
import { fill } from './template.js';
import { fileName, lifetimeOf, type Part, type Templates } from './templates.js';
import type { Block } from './texts/blocks.js';
import { askedFor, type Kind, type ShownValues, type Values } from './texts/kinds.js';
import { bestLanguage, catalogues, type Language } from './texts/languages.js';
import type { Message } from './transport.js';
import { greetedName, type Shown, shownValues } from './values.js';

declare module '../services.js' {
  interface Services {
    readonly mails: Mails;
  }
}

/** Writes mails: in the recipient's language, as text and HTML, by our texts or the operator's templates. */
export class Mails {
  constructor(
    private readonly publicUrl: () => string,
    private readonly service: string,
    private readonly templates: Templates,
    private readonly clock: Clock,
  ) {}

  /**
   * Writes a mail. The name of the service is added below its text by the outbox.
   * @example
   * outbox.enqueue(tx, mails.write('password-reset', recipientOf(user), { reset: { token, lifetime } }));
   */
  write<K extends Kind>(kind: K, recipient: Recipient, values: Values<K>): Message {
    const language = bestLanguage(recipient.language);
    const catalogue = catalogues[language];
    const everywhere = {
      publicUrl: this.publicUrl(),
      service: this.service,
      username: greetedName(recipient.username),
    };
    const shown = shownValues(kind, values, { catalogue, timezone: recipient.timezone }, everywhere);
    const text = catalogue.mails[kind];
    const greeting = catalogue.greeting(everywhere.username);
    // The names and shapes of the values are those of the kind: shownValues goes through the same table.
    const blocks: readonly Block[] = text.body(shown as ShownValues<K>);
    const own = (part: Part) => this.filled(kind, language, part, shown);
    const subject = own('subject') ?? text.subject;
    const letter = { language, subject, greeting, blocks, service: this.service };
    return {
      kind,
      to: recipient.email,
      subject,
      text: own('txt') ?? asText(greeting, blocks, catalogue),
      html: own('html') ?? asHtml(letter, catalogue),
      messageId: randomUUID(),
      date: this.clock.now().toISOString(),
      ...(askedFor.includes(kind) && { expiresAt: after(this.clock.now(), longestLifetime(values)).toISOString() }),
    };
  }

  /** @returns undefined without a template */
  private filled(
    kind: Kind,
    language: Language,
    part: Part,
    shown: Readonly<Record<string, Shown>>,
  ): string | undefined {
    const template = this.templates.get(fileName(kind, language, part));
    return template && fill(template, flat(shown), part === 'html' ? escaped : (value) => value);
  }
}

/** Of the links among the values, in milliseconds. */
const longestLifetime = (values: object): number =>
  Math.max(0, ...Object.values(values).map((value: { readonly lifetime?: number } | null) => value?.lifetime ?? 0));

/** Values as templates get them: a link is its address, with the lifetime beside it. */
const flat = (shown: Readonly<Record<string, Shown>>): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    Object.entries(shown).flatMap(([name, value]): [string, string | null][] =>
      value !== null && typeof value === 'object'
        ? [
            [name, value.url],
            [lifetimeOf(name), value.lifetime],
          ]
        : [[name, value]],
    ),
  );
