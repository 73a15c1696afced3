import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { z } from 'zod';

/** What variables are made of. Messages say what is wanted and never show what was given. */

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const unit = (letter: string | undefined): number => units[letter as keyof typeof units];

/** `10/1m`: ten in one minute. */
export const rate = z
  .string()
  .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,3}[smhd]$/, 'must look like 10/1m')
  .transform((text) => {
    const [points, window = ''] = text.split('/');
    return { points: Number(points), seconds: Number.parseInt(window, 10) * unit(window.at(-1)) };
  });

const milliseconds = (text: string): number => Number.parseInt(text, 10) * unit(text.at(-1)) * 1000;

/** `90s`, `10m`, `1h`, `30d`; the value is in milliseconds. */
export const durationUpTo = (most: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'must look like 30m')
    .transform(milliseconds)
    .refine((value) => value <= milliseconds(most), `must be at most ${most}`);

/** Ten years: what is added to a date stays one. */
export const duration = durationUpTo('3650d');

/** A whole number, in decimal digits. */
export const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be from ${from} to ${to}`);

/** RFC 1123, section 2.1; its last label is no number, or it would be an IPv4 address that is none. */
const hostname = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

export const host = z
  .string()
  .refine((text) => isIP(text) !== 0 || hostname.test(text), 'must be an IP address or a host name');

/** @param problemWith what is wrong with it, if anything */
const sound = (problemWith: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = problemWith(text);
    if (message) context.addIssue({ code: 'custom', message });
  });

/** Everything in it is given: the driver would fill in what is missing from the account that runs the service. */
export const databaseUrl = sound((text) => {
  const example = 'postgres://user:password@host:5432/database';
  const url = parsed(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) return `must look like ${example}`;
  if (url.username === '') return `must name a user: ${example}`;
  if (url.pathname.length <= 1) return `must name a database: ${example}`;
  return problemWithEscapes(url);
});

export const smtpUrl = sound((text) => {
  const url = parsed(text);
  if (!url?.hostname || !/^smtps?:$/.test(url.protocol)) return 'must look like smtp://user:password@host:587';
  return problemWithEscapes(url);
});

const parsed = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

function problemWithEscapes({ username, password, pathname }: URL): string | undefined {
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return undefined;
  } catch {
    return 'must write % as %25';
  }
}

/** Addresses, CIDR ranges, or the names loopback, linklocal and uniquelocal. */
export const proxies = z
  .array(z.string())
  .refine(areProxies, 'must be addresses or CIDR ranges, separated by commas: 10.0.0.0/8,192.0.2.1');

function areProxies(list: string[]): boolean {
  try {
    proxyAddr.compile(list);
    return true;
  } catch {
    return false;
  }
}
