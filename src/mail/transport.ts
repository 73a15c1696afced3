import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { seconds } from '../clock.js';
import type { Config } from '../config.js';
import type { Logger } from '../operations/logging.js';

export interface Message {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

type Sender = Config['mail']['from'];

/** Hands a message over; resolves when it is the receiver's, rejects when it must be tried again. */
export interface Transport {
  send(message: Message): Promise<void>;
  close(): void;
}

export function createTransport(config: Config, log: Logger): Transport {
  const { smtpUrl, from } = config.mail;
  return smtpUrl
    ? smtpTransport(smtpUrl, from)
    : fileTransport(join(config.dataDir, 'mail'), from, config.production, log);
}

function smtpTransport(url: string, from: Sender): Transport {
  const timeouts = { connectionTimeout: seconds(10), greetingTimeout: seconds(10), socketTimeout: seconds(20) };
  const transporter = nodemailer.createTransport({ url, pool: true, maxConnections: 2, ...timeouts }, { from });
  return {
    send: async (message) =>
      void (await transporter.sendMail({ ...message, disableFileAccess: true, disableUrlAccess: true })),
    close: () => transporter.close(),
  };
}

/** For development: mail becomes files, readable as they are, and the log tells the link. */
function fileTransport(folder: string, from: Sender, production: boolean, log: Logger): Transport {
  return {
    send: async (message) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = join(folder, `${Date.now()}-${randomUUID().slice(0, 8)}.eml`);
      await writeFile(file, asFile(message, from), { mode: 0o600 });
      const link = /https?:\S+\?token=\S+/.exec(message.text)?.[0];
      log.info(
        production ? { file } : { file, link },
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
