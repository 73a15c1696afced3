import ipaddr from 'ipaddr.js';

/**
 * The network of an address: an IPv4 address itself, or the /64 prefix of an IPv6 address, since one household or
 * server has a whole /64.
 * @returns a text for use as a key; an invalid address is returned as it is
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6'
    ? parsed
        .toByteArray()
        .slice(0, 64 / 8)
        .join('.')
    : parsed.toString();
}
