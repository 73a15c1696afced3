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

/** IPv4 in IPv6 clothes (::ffff:192.0.2.1) is the IPv4 address. */
const plain = (address: string): string => (ipaddr.isValid(address) ? ipaddr.process(address).toString() : 'unknown');
