import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/** Determines the client's address. Forwarded headers are used only if they come from trusted proxies. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * @param trustedProxies addresses and CIDR ranges
 * @returns a function that never throws; it returns `unknown` when a trusted proxy forwards something that is no
 * address
 */
export function clientAddressBehind(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (request) => plain(proxyAddr(request as IncomingMessage, isTrusted));
}

/** Removes the port that some proxies forward with the address: 192.0.2.1:443 or [2001:db8::1]:443. */
const withoutPort = (address: string): string =>
  /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;

/** Of the clients that called last: most call again, and parsing takes longer than all else about their address. */
const known = new LRUCache<string, string>({ max: 1000 });
/** In characters; a header may be thousands of them. */
const longestKnown = 64;

function plain(forwarded: string): string {
  if (forwarded.length > longestKnown) return parsed(forwarded);
  const address = known.get(forwarded) ?? parsed(forwarded);
  known.set(forwarded, address);
  return address;
}

/** Converts an IPv4-mapped IPv6 address (::ffff:192.0.2.1) to the IPv4 address. */
function parsed(forwarded: string): string {
  const address = withoutPort(forwarded);
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : 'unknown';
}
