import { randomUUID } from 'node:crypto';
import { automatic, type Headed, messageIdOf, type Sender } from './headers.js';

interface Written extends Headed {
  readonly text: string;
  readonly html?: string;
}

/**
 * A mail as a file that people and scripts read: headers and text as they are, in UTF-8 (RFC 6532), which nodemailer would
 * encode; see decision 19. The HTML is base64, so that looking for a link finds it once.
 */
export function asFile(message: Written, from: Sender): string {
  const { to, subject, text, html, date } = message;
  const id = messageIdOf(message, from);
  const head = [
    from.name ? `From: ${phrase(from.name)} <${from.address}>` : `From: ${from.address}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${(date === undefined ? new Date() : new Date(date)).toUTCString().replace('GMT', '+0000')}`,
    ...(id === undefined ? [] : [`Message-ID: ${id}`]),
    ...Object.entries(automatic).map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
  ];
  if (html === undefined) return [...head, ...plain(text)].join('\n');
  const boundary = randomUUID();
  return [
    ...head,
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...plain(text),
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(Buffer.from(html)
      .toString('base64')
      .match(/.{1,76}/g) ?? []),
    `--${boundary}--`,
    '',
  ].join('\n');
}

const plain = (text: string) => [
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  text,
];

/** A display name, quoted where its characters would mean something else (RFC 5322, section 3.2.4). */
const phrase = (name: string): string =>
  /["(),.:;<>@[\]\\]/.test(name) ? `"${name.replaceAll(/["\\]/g, '\\$&')}"` : name;

/** @param source as `asFile` makes it @returns undefined for a mail without HTML */
export function htmlIn(source: string): string | undefined {
  const [head = ''] = source.split('\n\n', 1);
  const boundary = /^Content-Type: multipart\/alternative; boundary="([\w-]+)"$/m.exec(head)?.[1];
  if (boundary === undefined) return undefined;
  const part = source.split(`\n--${boundary}`).find((one) => one.startsWith('\nContent-Type: text/html;'));
  return part && Buffer.from(part.slice(part.indexOf('\n\n')), 'base64').toString('utf8');
}
