import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';

/** Finds where a request really came from: forwarded headers are believed from trusted proxies alone. */
export type AddressOf = (request: IncomingMessage) => string;

/** @param trustedProxies addresses and CIDR ranges */
export function clientAddressBehind(trustedProxies: readonly string[]): AddressOf {
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  return (request) => plain(proxyAddr(request, isTrusted));
}

/** Some proxies forward the port with the address: 192.0.2.1:443 or [2001:db8::1]:443. */
const withoutPort = (address: string): string =>
  /^\[(.+)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;

/** IPv4 in IPv6 clothes (::ffff:192.0.2.1) is the IPv4 address. */
function plain(forwarded: string): string {
  const address = withoutPort(forwarded);
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : 'unknown';
}
