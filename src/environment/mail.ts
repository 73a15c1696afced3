import { z } from 'zod';
import { path, smtpUrl } from '../config-values.js';

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
  })
  .meta({ type: '`Name <local@host>` or `local@host`' });

export const mail = {
  /**
   * Mail server; if not set, mail is written to files in `DATA_DIR/mail`, and shown at `/dev/mailbox`, for development
   * only.
   */
  SMTP_URL: smtpUrl.optional(),
  /**
   * Folder with templates of your own for mails, read and checked at the start: see
   * [mail.md](mail.md#templates-of-your-own).
   */
  MAIL_TEMPLATES: path.optional(),
  /** Name of the service in authenticator apps and at the foot of each mail. */
  SERVICE_NAME: z
    .string()
    .trim()
    .min(1, 'must not be blank')
    .max(64, 'must have at most 64 characters')
    .regex(/^[^:\p{Cc}]+$/u, 'must hold no colon and no control character')
    .default('Gatehouse'),
  /**
   * Sender of all mail: one address, with or without a name.
   * @defaultValue `gatehouse@localhost` under `SERVICE_NAME`
   */
  MAIL_FROM: sender.optional(),
};
