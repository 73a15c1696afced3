import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser } from '../support/browser.js';
import { openConsole } from '../support/console.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { administrator } from '../support/harness.js';
import { ServiceProcess } from '../support/service-process.js';
import { Visitor } from '../support/visitor.js';

const patience = 180_000;

describeInBrowser('the console while the service is killed and started again', () => {
  let port: string;
  let first: ServiceProcess;
  let second: ServiceProcess | undefined;
  let visitor: Visitor;
  let page: Page;

  const settings = () => ({ PORT: port, PUBLIC_URL: `http://localhost:${port}`, REAUTHENTICATION_AFTER: 'off' });
  const restart = async () => {
    const { databaseUrl } = second ?? first;
    await (second ?? first).kill();
    return async () => {
      const started = await ServiceProcess.start({ ...settings(), DATABASE_URL: databaseUrl });
      if (second) await second.stop();
      second = started;
    };
  };

  beforeAll(async () => {
    port = String(await freePort());
    first = await ServiceProcess.start(settings());
    visitor = await Visitor.come(`http://localhost:${port}`);
    page = await openConsole(visitor, '/console/live', { ...administrator });
  }, patience);
  afterAll(async () => {
    await visitor.leave();
    await second?.stop();
    await first.stop();
  }, patience);

  /** Each is an event of its own, by an administrator. */
  const createRoles = async (names: readonly string[]) => {
    const admin = await (second ?? first).administrator();
    for (const name of names) await admin.mutate('createRole', { name, level: 3 }, 'role { id }');
  };
  const named = async (prefix: string): Promise<string[]> => {
    const rows = await page.getByRole('grid').getByRole('row').allInnerTexts();
    return rows.flatMap((row) => new RegExp(`${prefix}-\\d`).exec(row)?.[0] ?? []).reverse();
  };

  test(
    'an open feed goes on behind what it has, in order and each once, and says that nothing was missed',
    async () => {
      await page.getByRole('grid').waitFor();
      await createRoles(['before-1', 'before-2']);
      await eventually(async () => (await named('before')).length === 2);
      const startAgain = await restart();
      await page.getByText('Connection lost').waitFor();
      await startAgain();
      await createRoles(['after-1', 'after-2', 'after-3']);
      await page.getByText('Caught up: nothing was missed.').waitFor();
      await eventually(async () => (await named('after')).length === 3);
      expect(await named('before')).toEqual(['before-1', 'before-2']);
      expect(await named('after')).toEqual(['after-1', 'after-2', 'after-3']);
    },
    patience,
  );

  test(
    'a half-filled form keeps what was typed, says that there is no answer, and can be sent again',
    async () => {
      await page.goto(`http://localhost:${port}/console/roles`);
      await page.getByRole('button', { name: 'New role' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('typed-before');
      await dialog.getByLabel('Level', { exact: true }).fill('7');
      const startAgain = await restart();
      await dialog.getByRole('button', { name: 'Create the role' }).click();
      await dialog.getByRole('alert').waitFor();
      expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('typed-before');
      await startAgain();
      await dialog.getByRole('button', { name: 'Create the role' }).click();
      await page.getByRole('heading', { name: 'typed-before', level: 1 }).waitFor();
    },
    patience,
  );

  test(
    'a draft of a role stays when its preview gets no answer, and is previewed again once there is one',
    async () => {
      await page.getByRole('button', { name: 'Add a permission' }).click();
      await page.getByLabel('Resource').last().fill('article');
      const startAgain = await restart();
      await page.getByLabel('Action').last().fill('update');
      await startAgain();
      await page.reload();
      await page.getByRole('heading', { name: 'typed-before', level: 1 }).waitFor();
      expect(await page.getByLabel('Resource').last().inputValue()).toBe('article');
      expect(await page.getByLabel('Action').last().inputValue()).toBe('update');
    },
    patience,
  );
});
