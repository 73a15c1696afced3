import { isIP } from 'node:net';
import { resolve } from 'node:path';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { redisAddressOf } from './redis-address.js';

/**
 * Parsers for environment variables. Their messages state the expected format and never repeat the given value. The meta
 * datum `type` tells it in docs/configuration.md; enumerations tell themselves.
 */

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const unit = (letter: string | undefined): number => units[letter as keyof typeof units];

/** A rate such as `10/1m`, ten per minute: `{ points: 10, seconds: 60 }`. */
export const rate = z
  .string()
  .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,3}[smhd]$/, 'must look like 10/1m')
  .transform((text) => {
    const [points, window = ''] = text.split('/');
    return { points: Number(points), seconds: Number.parseInt(window, 10) * unit(window.at(-1)) };
  })
  .meta({ type: 'rate' });

const longest = '3650d';
const milliseconds = (text: string): number => Number.parseInt(text, 10) * unit(text.at(-1)) * 1000;

/** A duration such as `90s`, `10m`, `1h` or `30d`, parsed to milliseconds. */
export const durationUpTo = (most: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'must look like 30m')
    .transform(milliseconds)
    .refine((value) => value <= milliseconds(most), `must be at most ${most}`)
    .meta({ type: most === longest ? 'duration' : `duration, at most \`${most}\`` });

/** Up to ten years, so that adding it to a date gives a valid date. */
export const duration = durationUpTo(longest);

/** A duration, or `off`: null. */
export const durationOrOff = z
  .union([z.literal('off').transform(() => null), duration], { error: 'must look like 30m, or be off' })
  .meta({ type: 'duration, or `off`' });

/** A whole number in decimal digits, within the range. */
export const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be from ${from} to ${to}`)
    .meta({ type: `number from ${from} to ${to}` });

/** A number from 0 to 1. */
export const ratio = z
  .string()
  .regex(/^(?:0|1|0?\.\d{1,10}|1\.0{1,10})$/, 'must be a number from 0 to 1')
  .transform(Number)
  .meta({ type: 'number from 0 to 1' });

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
/** Names and percent-encoded values, as in W3C Baggage: `a=1,b=two%20words`. */
export const keyValues = list
  .pipe(z.array(z.string().regex(/^[^=\s]+=(?:[^%]|%[\da-f]{2})*$/i, 'must look like name=value,name=value')))
  .transform((pairs, context) => {
    try {
      return Object.fromEntries(pairs.map(pairOf));
    } catch {
      context.addIssue({ code: 'custom', message: 'must be percent-encoded UTF-8' });
      return z.NEVER;
    }
  })
  .meta({ type: '`name=value`, separated by commas' });

function pairOf(text: string): [name: string, value: string] {
  const end = text.indexOf('=');
  return [text.slice(0, end), decodeURIComponent(text.slice(end + 1).trim())];
}

export const onOff = z.enum(['on', 'off']).transform((text) => text === 'on');
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const anyUrl = z.url({ protocol: /^https?$/, error: 'must look like https://id.example.com' });
export const url = anyUrl.transform((text) => text.replace(/\/+$/, '')).meta({ type: 'URL' });
export const origins = list
  .pipe(z.array(anyUrl.transform((text) => new URL(text).origin)))
  .meta({ type: 'URLs, separated by commas' });

/** Bounded, because each name adds about 30 series. */
export const operationNames = list
  .pipe(z.array(z.string().regex(/^[A-Z_]\w{0,99}$/i, 'must be names of operations')).max(500))
  .meta({ type: 'names, separated by commas; at most 500' });

/** A file or folder; relative to the working directory. */
export const path = z
  .string()
  .transform((text) => resolve(text))
  .meta({ type: 'path' });

/** Files; relative to the working directory. */
export const paths = list
  .transform((given) => given.map((text) => resolve(text)))
  .pipe(z.array(z.string()).min(1, 'must name a file'))
  .meta({ type: 'paths, separated by commas' });

/** RFC 1123, section 2.1. The last label must not be numeric, because the name would look like an IPv4 address. */
const hostname = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

export const host = z
  .string()
  .refine((text) => isIP(text) !== 0 || hostname.test(text), 'must be an IP address or a host name')
  .meta({ type: 'IP address or host name' });

/** @param problemWith returns a message for an invalid text, undefined for a valid one */
const sound = (problemWith: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = problemWith(text);
    if (message) context.addIssue({ code: 'custom', message });
  });

/** Requires user and database: the driver would replace missing parts with the name of the service's system account. */
export const databaseUrl = sound((text) => {
  const example = 'postgres://user:password@host:5432/database';
  const url = parsed(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) return `must look like ${example}`;
  if (url.username === '') return `must name a user: ${example}`;
  if (url.pathname.length <= 1) return `must name a database: ${example}`;
  return problemWithEscapes(url);
}).meta({ type: '`postgres://user:password@host:port/database`' });

/** Replicas of the database. A host with a port tells them apart in the log and in the metrics. */
export const databaseUrls = list
  .pipe(z.array(databaseUrl).min(1, 'must name a replica'))
  .refine(
    (urls) => new Set(urls.map((url) => parsed(url)?.host ?? url)).size === urls.length,
    'must name each server once',
  )
  .meta({ type: '`postgres://…` like `DATABASE_URL`, separated by commas' });

export const smtpUrl = sound((text) => {
  const url = parsed(text);
  if (!url?.hostname || !/^smtps?:$/.test(url.protocol)) return 'must look like smtp://user:password@host:587';
  return problemWithEscapes(url);
}).meta({ type: '`smtp://user:password@host:port`, `smtps://…` for TLS from the start' });

/** Parsed, because several hosts make it no URL. */
export const redisUrl = z
  .string()
  .transform((text, context) => {
    const address = redisAddressOf(text);
    if (typeof address !== 'string') return address;
    context.addIssue({ code: 'custom', message: address });
    return z.NEVER;
  })
  .meta({ type: '`redis://user:password@host:port`, `rediss://…` with TLS' });

const parsed = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

function problemWithEscapes({ username, password, pathname }: URL): string | undefined {
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return undefined;
  } catch {
    return 'must write % as %25';
  }
}

/** Trusted proxies: addresses, CIDR ranges, or the names loopback, linklocal and uniquelocal. */
export const proxies = list
  .pipe(
    z
      .array(z.string())
      .refine(areProxies, 'must be addresses or CIDR ranges, separated by commas: 10.0.0.0/8,192.0.2.1'),
  )
  .meta({ type: 'addresses or CIDR ranges, separated by commas' });

function areProxies(list: string[]): boolean {
  try {
    proxyAddr.compile(list);
    return true;
  } catch {
    return false;
  }
}

/** Names that never lead to a host on the internet (RFC 2606, section 2; RFC 8375; RFC 6762; ICANN's `internal`). */
const localName = /^localhost$|\.(?:localhost|test|local|internal|home\.arpa)$/;
const localRanges: readonly string[] = ['loopback', 'private', 'uniqueLocal', 'linkLocal'];

/** Whether a URL names this machine or its network; true without one. */
export function isLocal(url: string | undefined): boolean {
  if (url === undefined) return true;
  const name = new URL(url).hostname.replaceAll(/[[\]]/g, '');
  return localName.test(name) || isLocalAddress(name);
}

/** Whether this is an IP address of this machine or its network; false for any other text. */
export const isLocalAddress = (text: string): boolean =>
  ipaddr.isValid(text) && localRanges.includes(ipaddr.process(text).range());
