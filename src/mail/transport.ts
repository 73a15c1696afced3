import nodemailer from 'nodemailer';
import type { Config } from '../config.js';
import type { Logger } from '../operations/logging.js';
import { reasonOf } from '../operations/reason.js';
import { FailedForGood } from '../queue/task.js';
import { asSubject, automatic, faultIn, type Headed, messageIdOf, type Sender } from './headers.js';
import { asFile } from './mail-file.js';
import { MailFolder } from './mail-folder.js';
import { mailTimeouts } from './mail-server.js';

export interface Message extends Headed {
  /** What the mail is about, for administrators, for example `password-reset`. */
  readonly kind?: string;
  /** When the mail is of no use any more, in RFC 3339; absent: it always is. */
  readonly expiresAt?: string;
  readonly text: string;
  /** The same as `text`; absent: the mail has text alone. */
  readonly html?: string;
}

/** Delivers messages, several at a time. */
export interface Transport {
  /**
   * Resolves when the recipient's server has accepted the message.
   * @param signal aborts the delivery and closes its connection
   * @throws FailedForGood for a permanent refusal; any other error means that another attempt may succeed
   */
  send(message: Message, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Most messages sent at a time, each on its own connection. */
export const mostAtOnce = 50;

/**
 * Sends mail over SMTP or, without SMTP_URL, writes it to files in DATA_DIR/mail.
 * @param publicUrl base of the address of a mail in the mailbox, which is logged
 */
export function createTransport(config: Config, log: Logger, publicUrl: () => string): Transport {
  const { smtpUrl, from } = config.mail;
  return smtpUrl ? smtpTransport(smtpUrl, from) : fileTransport(config, log, publicUrl);
}

function smtpTransport(url: string, from: Sender): Transport {
  const options = { url, pool: true, maxConnections: mostAtOnce, ...mailTimeouts } as const;
  const transporter = nodemailer.createTransport(options);
  return {
    send: async (message, signal) => {
      const mail = { ...mimeOf(message, from), signal, disableFileAccess: true, disableUrlAccess: true };
      await transporter.sendMail(mail).catch((error: unknown) => Promise.reject(refusalIn(error) ?? error));
    },
    close: () => transporter.close(),
  };
}

/**
 * The mail for nodemailer, which encodes subjects and names (RFC 2047). Addresses are given as such, so that none is
 * parsed.
 */
function mimeOf(message: Message, from: Sender) {
  assertPlain(message, from);
  const { to, subject, text, html, date = new Date().toISOString() } = message;
  const id = messageIdOf(message, from);
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject: asSubject(subject),
    text,
    ...(html !== undefined && { html }),
    ...(id !== undefined && { messageId: id }),
    date: new Date(date),
    headers: automatic,
  };
}

/** @throws FailedForGood for what would add a header or another recipient */
function assertPlain(message: Message, from: Sender): void {
  const fault = faultIn(message, from);
  if (fault !== undefined) throw new FailedForGood(fault);
}

/**
 * Recognises a permanent refusal of the recipient or the message (RFC 5321, section 4.2.1: reply code 5yz). A refusal of
 * the sign-in or of the sender's address is not permanent: the server may have been configured wrongly and can be
 * corrected.
 */
function refusalIn(error: unknown): FailedForGood | undefined {
  if (!(error instanceof Error)) return undefined;
  const { responseCode, command } = error as { responseCode?: number; command?: string };
  const isFinal = responseCode !== undefined && responseCode >= 500 && responseCode < 600;
  if (!isFinal || (command !== 'RCPT TO' && command !== 'DATA')) return undefined;
  return new FailedForGood(reasonOf(error));
}

/**
 * For development: writes mails as plain files. Outside production it also logs the link, and where the mailbox shows the
 * mail.
 */
function fileTransport(config: Config, log: Logger, publicUrl: () => string): Transport {
  const folder = new MailFolder(config);
  return {
    send: async (message) => {
      assertPlain(message, config.mail.from);
      const { id, file } = await folder.add(asFile(message, config.mail.from));
      const link = /https?:\S+\?token=\S+/.exec(message.text)?.[0];
      const shown = config.mailbox && { mailbox: `${publicUrl()}/dev/mailbox#${id}` };
      log.info(
        config.production ? { file } : { file, link, ...shown },
        `Mail to ${message.to} was written to a file: ${message.subject}`,
      );
    },
    close: () => undefined,
  };
}
