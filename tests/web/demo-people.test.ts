import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeInBrowser } from '../support/browser.js';
import { Harness, password } from '../support/harness.js';
import { begin, codeOf, confirm, nextCode } from '../support/second-factor.js';
import { field, press, Visitor } from '../support/visitor.js';

const patience = 60_000;

describeInBrowser('the start page of a demo', () => {
  let harness: Harness;
  let visitor: Visitor;
  let secret: string;
  beforeAll(async () => {
    const person = (username: string, tryThis: string) => ({
      username,
      fullName: `The ${username}`,
      password,
      roles: ['editor'],
      tryThis,
    });
    const demoPeople = [
      person('writer', 'Write <b>something</b>.'),
      person('keeper', 'Bring a code.'),
      person('reader', ''),
    ];
    harness = await Harness.start({}, { demoPeople: async () => demoPeople });
    for (const { username } of demoPeople) {
      const client = await harness.person(username);
      if (username !== 'keeper') continue;
      secret = String((await begin(client))['secret']);
      await confirm(client, codeOf(harness, secret));
    }
    visitor = await Visitor.come(harness.app.url);
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await harness.close();
  });

  test(
    'signs in as anybody by one click, also in place of somebody else',
    async () => {
      const page = await visitor.open('/');
      await page.getByText('Write <b>something</b>.').waitFor();
      await press(page, 'Sign in as The writer');
      await page.getByRole('link', { name: 'writer', exact: true }).waitFor();
      await page.waitForURL(`${harness.app.url}/account`);
      await page.goBack();
      await page.getByText('Everybody else').click();
      await press(page, 'Sign in as The reader');
      await page.getByRole('link', { name: 'reader', exact: true }).waitFor();
    },
    patience,
  );

  test(
    'asks for the second factor of whoever has one',
    async () => {
      const page = await visitor.open('/');
      await press(page, 'Sign in as The keeper');
      await page.getByRole('heading', { name: 'Second step' }).waitFor();
      await field(page, 'code').fill(nextCode(harness, secret));
      await press(page, 'Sign in');
      await page.waitForURL(`${harness.app.url}/account`);
      await page.getByRole('link', { name: 'keeper', exact: true }).waitFor();
      expect(visitor.problems).toEqual([]);
    },
    patience,
  );

  test(
    'the playground signs in as somebody by its button, not while one of them is being chosen',
    async () => {
      const page = await visitor.open('/playground');
      await page.getByRole('status').filter({ hasText: 'Signed in as keeper' }).waitFor();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('link', { name: 'Sign in with a password' }).waitFor();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.postData() ?? ''));
      await page.getByRole('combobox', { name: 'Sign in as' }).focus();
      // Past the writer and the keeper.
      for (let times = 0; times < 3; times += 1) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Signed in as reader').waitFor();
      expect(asked.filter((body) => body.includes('SignIn'))).toEqual([expect.stringContaining('"reader"')]);
      expect(await page.getByRole('combobox', { name: 'Sign in as' }).inputValue()).toBe('reader');
    },
    patience,
  );
});
