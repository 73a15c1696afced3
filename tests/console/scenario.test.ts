import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { days, minutes } from '../../src/clock.js';
import { describeInBrowser } from '../support/browser.js';
import type { Client } from '../support/client.js';
import { bundleClient } from '../support/client-bundle.js';
import { openConsole } from '../support/console.js';
import { allPublished } from '../support/events.js';
import { administrator, Harness, password } from '../support/harness.js';
import { PageServer } from '../support/page-server.js';
import { give, makeRole, permitTo } from '../support/roles.js';
import { Visitor } from '../support/visitor.js';

const patience = 180_000;
/** One run of the scenario: `first` has lost the role `office`, `second` still holds it, and both hold `staff`. */
interface Cast {
  readonly first: string;
  readonly second: string;
  readonly office: string;
  readonly staff: string;
  readonly attributes: { readonly department: string };
}
const northern: Cast = {
  ...{ first: 'ada', second: 'bob', office: 'North office', staff: 'Northern staff' },
  attributes: { department: 'north' },
};
const southern: Cast = {
  ...{ first: 'eve', second: 'finn', office: 'South office', staff: 'Southern staff' },
  attributes: { department: 'south' },
};

/** A page of an application, whose button follows what its user may do. */
const application = (
  url: string,
  { first, attributes }: Cast,
) => `<!doctype html><meta charset="utf-8"><title>Invoices</title>
<button hidden>Read the invoice</button>
<script type="module">
  import { createGatehouse } from '/gatehouse.js';
  const gatehouse = createGatehouse({ url: '${url}/graphql', refreshToken: 'memory', liveAbilities: true });
  const show = () => {
    document.querySelector('button').hidden = !gatehouse.can('read', 'invoice', ${JSON.stringify(attributes)});
  };
  gatehouse.onChange(show);
  await gatehouse.signIn({ identifier: '${first}', password: '${password}' });
  await gatehouse.ability();
  document.body.dataset.ready = 'true';
</script>`;

/** How somebody works: with a pointer, or with the keyboard alone. */
interface Hands {
  readonly press: (target: Locator) => Promise<void>;
  readonly type: (target: Locator, text: string) => Promise<void>;
}

const pointer: Hands = { press: (target) => target.click(), type: (target, text) => target.fill(text) };

/** Tab leads to every control; more presses than this means that one cannot be reached. */
const mostTabs = 150;

async function tabTo(target: Locator): Promise<void> {
  await target.waitFor();
  const page = target.page();
  for (let tabs = 0; tabs < mostTabs; tabs += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard does not reach ${target}`);
}

const keyboard: Hands = {
  press: async (target) => {
    await tabTo(target);
    await target.page().keyboard.press('Enter');
  },
  type: async (target, text) => {
    await tabTo(target);
    await target.page().keyboard.press('Control+a');
    await target.page().keyboard.type(text);
  },
};

describeInBrowser('support finds out, drafts, and an administrator saves', () => {
  let harness: Harness;
  let admin: Client;
  const staffIds = new Map<Cast, string>();
  let pages: PageServer;
  const visitors: Visitor[] = [];
  const come = async () => {
    const visitor = await Visitor.come(harness.app.url);
    visitors.push(visitor);
    return visitor;
  };

  beforeAll(async () => {
    pages = await PageServer.start();
    harness = await Harness.start({ REAUTHENTICATION_AFTER: '10m', CORS_ORIGINS: pages.origin });
    const apps = [northern, southern].map((cast) => [`/${cast.first}`, application(harness.app.url, cast)] as const);
    pages.serve(new Map([...(await bundleClient()), ...apps]));
    // Ten days ago two people could read the invoices of their department; three days ago one of them lost it.
    harness.clock.advance(days(-10));
    admin = await harness.admin();
    const support = await harness.person('sam');
    const asking = ['user:read', 'role:read', 'security-event:read'];
    await give(admin, support, await makeRole(admin, { name: 'Support', level: 40, permits: asking }));
    const endings = [await prepare(northern), await prepare(southern)];
    harness.clock.advance(days(7));
    admin = await harness.admin();
    for (const input of endings) await admin.mutate('revokeRole', input, 'grant { id }');
    harness.clock.advance(days(3));
    admin = await harness.admin();
    await allPublished(harness);
  }, patience);
  afterAll(async () => {
    const problems = visitors.flatMap((visitor) => visitor.problems);
    for (const visitor of visitors) await visitor.leave();
    await harness.close();
    await pages.close();
    expect(problems.filter((problem) => !problem.includes(pages.origin))).toEqual([]);
  }, patience);

  /** @returns what ends the first one's role */
  async function prepare(cast: Cast): Promise<{ roleId: string; userId: string | undefined }> {
    const people = [await harness.person(cast.first), await harness.person(cast.second)];
    const office = await makeRole(admin, { name: cast.office, level: 10 });
    await permitTo(admin, office, 'invoice:read', cast.attributes);
    const staff = await makeRole(admin, { name: cast.staff, level: 5, permits: ['page:read'] });
    for (const person of people) for (const role of [office, staff]) await give(admin, person, role);
    staffIds.set(cast, staff);
    return { roleId: office, userId: people[0]?.userId };
  }

  /** Finds out why, and when it changed. */
  async function ask(page: Page, { type, press }: Hands, { first, office, attributes }: Cast): Promise<void> {
    await type(page.getByRole('combobox', { name: 'Person' }), first);
    await page.getByRole('option', { name: `${first}@example.com` }).waitFor();
    await page.keyboard.press('Enter');
    await type(page.getByLabel('Action'), 'read');
    await type(page.getByLabel('Resource'), 'invoice');
    await press(page.getByRole('button', { name: 'department', exact: true }));
    await type(page.getByLabel('Value', { exact: true }), attributes.department);
    await page.locator('.why-verdict', { hasText: `does not hold the role ${office} any more` }).waitFor();
    await press(page.getByRole('button', { name: 'To the moment the answer changed' }));
    await page.locator('.why-side .why-verdict', { hasText: `Yes: the role ${office} permits` }).waitFor();
    await page.locator('.why-changes [aria-current]', { hasText: 'root.admin' }).waitFor();
  }

  /** @returns the address of the draft */
  async function draft(page: Page, { press, type }: Hands, { first, staff, attributes }: Cast): Promise<string> {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(staff);
    await page.getByRole('option', { name: new RegExp(`^${staff}`) }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: staff }).waitFor();
    const main = page.getByRole('main');
    const preview = main.getByRole('region', { name: 'What it would do' });
    await press(main.getByRole('button', { name: 'Add a permission' }));
    const added = main.getByRole('group', { name: /^New permission 1/ });
    await type(added.getByLabel('Resource'), 'invoice');
    await type(added.getByLabel('Action'), 'read');
    await preview.getByText('2 people gain or lose permissions.').waitFor();
    await press(added.getByRole('button', { name: 'JSON' }));
    await type(added.getByRole('textbox', { name: 'Conditions' }), JSON.stringify(attributes));
    await preview.getByText('1 person gains or loses permissions.').waitFor();
    await preview.getByRole('listitem').filter({ hasText: first }).waitFor();
    const save = main.getByRole('button', { name: 'Save the change' });
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    return page.url();
  }

  async function save(page: Page, { press, type }: Hands): Promise<void> {
    const main = page.getByRole('main');
    await main.getByRole('region', { name: 'What it would do' }).getByText('1 person gains').waitFor();
    // Eleven minutes later the sign-in is no proof any more.
    harness.clock.advance(minutes(11));
    await press(main.locator('button[aria-disabled="false"]', { hasText: 'Save the change' }));
    const proof = page.getByRole('dialog', { name: 'Prove that it is you' });
    await type(proof.locator('[name="password"]'), password);
    await press(proof.getByRole('button', { name: 'Go on' }));
    await page.locator('.announcements', { hasText: 'The role was changed.' }).waitFor();
  }

  test.each([
    ['with a pointer', pointer, northern],
    ['by keyboard alone', keyboard, southern],
  ])(
    '%s',
    async (_name, hands, cast) => {
      const app = await (await come()).context.newPage();
      await app.goto(`${pages.origin}/${cast.first}`);
      await app.locator('[data-ready]').waitFor({ state: 'attached' });
      const button = app.getByRole('button', { name: 'Read the invoice' });
      expect(await button.isVisible()).toBe(false);
      const support = await openConsole(await come(), '/console/why', { username: 'sam', password });
      await ask(support, hands, cast);
      const link = new URL(await draft(support, hands, cast));
      const theirs = await openConsole(await come(), link.pathname + link.search, administrator);
      await save(theirs, hands);
      await button.waitFor();
      const { data } = await admin.ask('query ($id: ID!) { role(id: $id) { permissions { resource conditions } } }', {
        id: staffIds.get(cast),
      });
      expect(data['role']?.['permissions']).toEqual([
        { resource: 'invoice', conditions: cast.attributes },
        { resource: 'page', conditions: null },
      ]);
    },
    patience,
  );
});
