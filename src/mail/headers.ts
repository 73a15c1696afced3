import type { Config } from '../config.js';

export type Sender = Config['mail']['from'];

/** What the headers of a mail say. */
export interface Headed {
  /** One address, without a name. */
  readonly to: string;
  readonly subject: string;
  /** The part of Message-ID before the `@`. It stays the same when the mail is sent again; absent: a new one each time. */
  readonly messageId?: string;
  /** When the mail was written, in RFC 3339; absent: when it is sent. */
  readonly date?: string;
}

/** Keeps out-of-office replies and other automatic answers away (RFC 3834, section 5; [MS-OXCMAIL], 2.2.3.2.14). */
export const automatic = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } as const;

/** @returns undefined for a message without an id */
export const messageIdOf = ({ messageId }: Headed, { address }: Sender): string | undefined =>
  messageId === undefined ? undefined : `<${messageId}@${address.slice(address.lastIndexOf('@') + 1)}>`;

/** Bytes of text in an encoded word, which has at most 75 characters (RFC 2047, section 2). */
const bytesOfWord = 45;

/**
 * A subject for nodemailer. It encodes what is not ASCII, but not what already looks encoded and would be decoded to
 * another text.
 */
export function asSubject(text: string): string {
  if (!text.includes('=?')) return text;
  const words = [''];
  for (const character of text) {
    const longer = `${words.at(-1)}${character}`;
    if (Buffer.byteLength(longer) > bytesOfWord) words.push(character);
    else words[words.length - 1] = longer;
  }
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ');
}

/** One address without a name (RFC 5322, section 3.4.1): no list, no group, no quotes, no control characters. */
const oneAddress = /^[^\s\p{Cc}"(),:;<>@[\]\\]+@[^\s\p{Cc}"(),:;<>@[\]\\]+$/u;
/** Control characters, and the line and paragraph separators of Unicode. */
const breaking = /[\p{Cc}\p{Zl}\p{Zp}]/u;
const id = /^[\w.-]+$/;

/** @returns why a mail must not be sent: it would have another header or recipient than it seems to; undefined: it may */
export function faultIn({ to, subject, messageId = 'none' }: Headed, { name, address }: Sender): string | undefined {
  if (!oneAddress.test(to)) return 'The recipient is not one e-mail address';
  if (!oneAddress.test(address) || breaking.test(name)) return 'The sender is not one e-mail address';
  if (breaking.test(subject)) return 'The subject holds a line break or another control character';
  return id.test(messageId) ? undefined : 'The id of the mail holds other characters than letters and digits';
}
