import nodemailer from 'nodemailer';
import { seconds } from '../clock.js';
import type { Config } from '../config.js';
import type { Logger } from '../operations/logging.js';
import { reasonOf } from '../operations/reason.js';
import { FailedForGood } from '../queue/task.js';
import { MailFolder } from './mail-folder.js';

export interface Message {
  /** What the mail is about, for administrators, for example `password-reset`. */
  readonly kind?: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

type Sender = Config['mail']['from'];

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
  const timeouts = { connectionTimeout: seconds(10), greetingTimeout: seconds(10), socketTimeout: seconds(15) };
  const options = { url, pool: true, maxConnections: mostAtOnce, ...timeouts } as const;
  const transporter = nodemailer.createTransport(options, { from });
  return {
    send: async (message, signal) => {
      const { to, subject, text } = message;
      const mail = { to, subject, text, signal, disableFileAccess: true, disableUrlAccess: true };
      await transporter.sendMail(mail).catch((error: unknown) => Promise.reject(refusalIn(error) ?? error));
    },
    close: () => transporter.close(),
  };
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

const asFile = ({ to, subject, text }: Message, from: Sender): string =>
  [
    from.name ? `From: ${from.name} <${from.address}>` : `From: ${from.address}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    text,
  ].join('\n');
