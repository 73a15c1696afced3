import nodemailer from 'nodemailer';
import { seconds } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import { wordsForMailFault } from './mail-fault-words.js';

/** Of connections to the mail server, in milliseconds. */
export const mailTimeouts = {
  connectionTimeout: seconds(10),
  greetingTimeout: seconds(10),
  socketTimeout: seconds(15),
};

/**
 * Connects to the mail server and signs in, without sending anything. Takes up to 15 seconds.
 * @param url SMTP_URL
 * @returns one sentence with host, port and the reason why mail cannot be sent; undefined when it can. It holds neither
 *   user and password nor anything that the server has said, which may repeat them
 */
export async function mailServerFault(url: string, timeouts = mailTimeouts): Promise<string | undefined> {
  const transporter = nodemailer.createTransport({ url, ...timeouts });
  try {
    await transporter.verify();
    return undefined;
  } catch (error) {
    return `SMTP_URL: the mail server ${addressIn(url)} ${wordsForMailFault(error)}.`;
  } finally {
    transporter.close();
  }
}

/** Host and port; without a port those that nodemailer takes, for submission (RFC 6409) and with TLS (RFC 8314). */
function addressIn(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port || (protocol === 'smtps:' ? 465 : 587)}`;
}

/** Warns once of a mail server that cannot be used. The start goes on: mails wait in the queue until it can. */
export async function warnOfMailServer(url: string, log: Logger, isStopping: () => boolean): Promise<void> {
  const fault = await mailServerFault(url);
  if (fault !== undefined && !isStopping()) log.warn(`${fault} Mails wait until it can be used.`);
}
