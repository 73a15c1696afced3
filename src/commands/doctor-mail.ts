import { randomUUID } from 'node:crypto';
import { seconds } from '../clock.js';
import type { Config } from '../config.js';
import { wordsForMailFault } from '../mail/mail-fault-words.js';
import { mailServerFault } from '../mail/mail-server.js';
import { createTransport } from '../mail/transport.js';
import { createLogger } from '../operations/logging.js';
import type { Finding } from '../settings/finding.js';
import { filesFinding } from '../settings/mail-findings.js';

const check = 'mail';

/**
 * Checks that the mail server can be reached and takes the sign-in.
 * @param to address that a test message is sent to; undefined: none is sent
 */
export async function examineMail(config: Config, to: string | undefined): Promise<Finding> {
  const files = filesFinding(config);
  if (files) return files;
  const fault = await mailServerFault(config.mail.smtpUrl ?? '');
  if (fault !== undefined) return { check, state: 'fault', told: fault };
  if (to === undefined) return { check, state: 'ok', told: 'The server answers; --mail ADDRESS sends a test message.' };
  return sendTest(config, to);
}

async function sendTest(config: Config, to: string): Promise<Finding> {
  const transport = createTransport(
    config,
    createLogger({ ...config, log: { level: 'silent', file: undefined } }),
    () => '',
  );
  const text = `This is a test message of ${config.serviceName}: gatehouse doctor --mail has sent it.\n`;
  const message = { to, subject: 'Test message', text, messageId: randomUUID(), date: new Date().toISOString() };
  try {
    await transport.send(message, AbortSignal.timeout(seconds(30)));
    return { check, state: 'ok', told: 'The server has taken the test message.' };
  } catch (error) {
    return { check, state: 'fault', told: `The test message was not taken: the server ${wordsForMailFault(error)}.` };
  } finally {
    transport.close();
  }
}
