import type { ShownLink } from './kinds.js';

/** A list of names with values. */
interface Facts {
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** A link with the address as text. */
export interface LinkBlock {
  readonly link: ShownLink;
  /** Text of a button above the address; absent: no button. */
  readonly button?: string;
}

/** A part of a mail that both its forms, text and HTML, show in their way. A text is a paragraph. */
export type Block = string | Facts | LinkBlock;

export const facts = (...list: Facts['facts']): Facts => ({ facts: list });

/** The link that the mail is about; at most one in a mail. */
export const button = (label: string, link: ShownLink): LinkBlock => ({ link, button: label });

export const address = (link: ShownLink): LinkBlock => ({ link });
