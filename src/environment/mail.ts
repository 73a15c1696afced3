import { resolve } from 'node:path';
import { z } from 'zod';
import { smtpUrl } from '../config-values.js';

/**
 * RFC 5322, section 3.4, without comments, groups and escapes: `Name <local@host>`, `"Name" <local@host>` or
 * `local@host`.
 */
const mailbox = (() => {
  const label = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?';
  const address = `[^\\s\\p{Cc}"(),:;<>@[\\\\\\]]+@${label}(?:\\.${label})*`;
  const name = '"(?<quoted>[^"\\\\\\p{Cc}]+)"|(?<plain>[^"(),:;<>@[\\\\\\]\\p{Cc}]*?)';
  return new RegExp(`^(?:(?:${name})\\s*<(?<named>${address})>|(?<bare>${address}))$`, 'u');
})();

const sender = z
  .string()
  .trim()
  .regex(mailbox, 'must look like Gatehouse <mail@example.com>')
  .transform((text) => {
    const { quoted, plain = '', named, bare = '' } = mailbox.exec(text)?.groups ?? {};
    return { name: quoted ?? plain, address: named ?? bare };
  });

export const mail = {
  /** smtp://user:password@host:port; without it mail is written to files in DATA_DIR/mail. */
  SMTP_URL: smtpUrl.optional(),
  /** Folder with templates that replace parts of mails; see docs/mail.md. */
  MAIL_TEMPLATES: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  /** Name of the service in authenticator apps and mail. */
  SERVICE_NAME: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^:\p{Cc}]+$/u, 'holds no colon')
    .default('Gatehouse'),
  /** Sender of all mail; default: gatehouse@localhost with the service's name. */
  MAIL_FROM: sender.optional(),
};
