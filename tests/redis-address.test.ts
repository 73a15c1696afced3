import { expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../src/config.js';
import { redisAddressOf } from '../src/redis-address.js';

const one = { tls: false, username: undefined, password: undefined, database: 0 };

test.each([
  ['redis://localhost', { ...one, hosts: [{ host: 'localhost', port: 6379 }] }],
  ['redis://[::1]:7000/3', { ...one, hosts: [{ host: '::1', port: 7000 }], database: 3 }],
  [
    'rediss://gate%40house:p%25%3A:w@cache.example.com:6380',
    {
      hosts: [{ host: 'cache.example.com', port: 6380 }],
      tls: true,
      username: 'gate@house',
      password: 'p%::w',
      database: 0,
    },
  ],
  ['redis://:secret@redis_1', { ...one, hosts: [{ host: 'redis_1', port: 6379 }], password: 'secret' }],
  [
    'redis://a,10.0.0.2:6380,[fd00::3]:6381/0',
    {
      ...one,
      hosts: [
        { host: 'a', port: 6379 },
        { host: '10.0.0.2', port: 6380 },
        { host: 'fd00::3', port: 6381 },
      ],
    },
  ],
])('%s is an address', (text, expected) => {
  expect(redisAddressOf(text)).toEqual(expected);
});

test.each([
  'localhost:6379',
  'http://hush',
  'redis://',
  'redis://user:hush@',
  'redis://hush@host@host',
  'redis://host:0',
  'redis://host:65536',
  'redis://host:hush',
  'redis://a,,b',
  'redis://a, b',
  'redis://a,b/1',
  'redis://host/hush',
  'redis://host?password=hush',
  'redis://user:hush%@host',
  'redis://us:hush/er@host',
  'unix:///run/hush.sock',
])('%s is refused, without any of it in the message', (text) => {
  const load = () => loadConfig({ APP_SECRET: 'x'.repeat(32), REDIS_URL: text });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(/^REDIS_URL: must /);
  expect(load).not.toThrow(/hush/);
});
