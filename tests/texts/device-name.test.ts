import { expect, test } from '@jest/globals';
import { deviceName } from '../../src/texts/device-name.js';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const mobile = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

// biome-ignore format: a table is read by its columns
test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox on macOS'],
  ['Mozilla/5.0 (Android 15; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0', 'Firefox on Android'],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 14_7_1 like Mac OS X) ${mobile} FxiOS/133.0 Mobile/15E148 Safari/605.1.15`, 'Firefox on iOS'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`, 'Chrome on Linux'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36`, 'Chrome on Windows'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/131.0.0.0 Safari/537.36`, 'Chrome on macOS'],
  [`Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`, 'Chrome on Android'],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) ${mobile} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1`, 'Chrome on iOS'],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/131.0.0.0 Safari/537.36`, 'Chrome on Chrome OS'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7_1) ${mobile} Version/18.1 Safari/605.1.15`, 'Safari on macOS'],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 17_7_1 like Mac OS X) ${mobile} Version/17.7 Mobile/15E148 Safari/604.1`, 'Safari on iOS'],
  [`Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) ${mobile} Version/16.6 Mobile/15E148 Safari/604.1`, 'Safari on iOS'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.70`, 'Microsoft Edge on Windows'],
  [`Mozilla/5.0 (Linux; Android 10; HD1913) ${webkit} Chrome/131.0.6778.81 Mobile Safari/537.36 EdgA/131.0.2903.48`, 'Microsoft Edge on Android'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0`, 'Opera on Windows'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0`, 'Opera on Linux'],
  [`Mozilla/5.0 (Linux; Android 14; SM-S928B) ${webkit} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`, 'Samsung Internet on Android'],
  ['Gatehouse/12 CFNetwork/1490.0.4 Darwin/23.2.0', 'Gatehouse'],
  ['curl/8.5.0', 'curl'],
  ['node', 'node'],
  ['python-requests/2.32.3', 'python-requests'],
  ['Go-http-client/2.0', 'Go-http-client'],
  ['PostmanRuntime/7.42.0', 'PostmanRuntime'],
  ['Mozilla/5.0', 'Unknown device'],
  ['', 'Unknown device'],
  [' \t ', 'Unknown device'],
  [null, 'Unknown device'],
  ['call-this.example now', 'Unknown device'],
  ['https://evil.example/ x', 'Unknown device'],
  ['<script>alert(1)</script>', 'Unknown device'],
  ['"><img src=x onerror=alert(1)>/1.0 x', 'Unknown device'],
  ['\u0000\u202e\u0007', 'Unknown device'],
])('%j is called %s', (userAgent, name) => {
  expect(deviceName(userAgent)).toBe(name);
});

test.each([
  'a'.repeat(100_000),
  '('.repeat(100_000),
  `Mozilla/5.0 (${' '.repeat(100_000)}`,
  'Android '.repeat(12_500),
  'Version/1 '.repeat(10_000),
  'Firefox\u202e/1 (evil)\u0007\r\nBcc: everyone@example.com',
  '<b>Firefox</b>/1.0 (Linux)',
  `${'Chrome/1 <i>'.repeat(8000)} Linux`,
  '\ud800'.repeat(50_000),
  "x' or 1=1 --/1 y",
])('whatever a client writes, the name is one short line of letters', (userAgent) => {
  expect(deviceName(userAgent)).toMatch(/^[A-Za-z][\w -]{0,60}$/);
});
