import type { Message } from './transport.js';

/**
 * Makes a kind of mail out of its subject and of what it says below the greeting.
 * @param body begins and ends with a line break; it is given the address of the service, which comes from PUBLIC_URL
 *   and never from a request
 */
export const mail =
  <Details extends unknown[]>(subject: string, body: (publicUrl: string, ...details: Details) => string) =>
  (to: string, username: string, publicUrl: string, ...details: Details): Message => ({
    to,
    subject,
    text: `Hello ${username},\n${body(publicUrl, ...details)}`,
  });

export const link = (publicUrl: string, purpose: string, token: string): string =>
  `${publicUrl}/${purpose}?token=${token}`;

/** To the minute: "2026-11-22 16:00 UTC". */
export const utc = (instant: Date): string => `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
