import { staff } from './staff.js';

/** A device that somebody uses. */
export interface Device {
  readonly address: string;
  readonly userAgent: string;
}

const computers = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
];
const phones = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
];

const place = (username: string): number => staff.findIndex((person) => person.username === username);
const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

// All addresses are of ranges for documentation (RFC 5737 and RFC 3849).

/** The computer at the desk. */
export const computerOf = (username: string): Device => ({
  address: `192.0.2.${10 + place(username)}`,
  userAgent: pick(computers, place(username)),
});

export const phoneOf = (username: string): Device => ({
  address: `2001:db8::${(0x100 + place(username)).toString(16)}`,
  userAgent: pick(phones, place(username)),
});

/** Machines that try passwords. */
export const intruders = {
  spraying: { address: '203.0.113.77', userAgent: 'python-requests/2.32.3' },
  hammering: { address: '198.51.100.23', userAgent: 'curl/8.5.0' },
  visiting: { address: '203.0.113.140', userAgent: 'Mozilla/5.0 (compatible; LoginProbe/1.4)' },
} as const satisfies Record<string, Device>;
