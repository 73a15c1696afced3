import type { Page } from 'playwright-core';
import type { Client } from './client.js';
import type { PageState } from './page-states.js';

/** A permission that is added, under a condition. */
const draft = JSON.stringify({
  addPermissions: [{ resource: 'post', action: 'delete', conditions: { category: 'news' } }],
});

interface Ids {
  readonly person: string;
  readonly role: string;
}

/** Ids of Marta Lindqvist, who changed desks, and of a role that several hold. */
async function idsOf(client: Client): Promise<Ids> {
  const { data } = await client.ask(
    '{ users(search: "marta.lindqvist", first: 1) { nodes { id } } rolesConnection(search: "News editor", first: 1) { nodes { id } } }',
  );
  const first = (list: string) => String(data[list]?.['nodes']?.[0]?.['id']);
  return { person: first('users'), role: first('rolesConnection') };
}

/** Each screen with its address, and what is shown once it is complete. */
function screensOf({ person, role }: Ids): Record<string, readonly [address: string, shown: string]> {
  const row = '.row-space .row-line';
  const why = (question: Record<string, string>) => `/console/why?${new URLSearchParams(question)}`;
  const publish = { action: 'publish', resource: 'post' };
  return {
    now: ['/console', '.unusual[aria-busy=false]'],
    live: ['/console/live', row],
    people: ['/console/people', row],
    person: [`/console/people/${person}`, '.table code'],
    roles: ['/console/roles', row],
    map: ['/console/roles/map', '.map-cell'],
    'role-editor': [`/console/roles/${role}?${new URLSearchParams({ draft })}`, '.affected li'],
    why: [why({ person, action: 'update', resource: 'user', attributes: '{}' }), '.why-changes li'],
    'why-post': [why({ person, ...publish, attributes: '{"category":"sport"}' }), '.why-changes li'],
    'why-who': [why({ view: 'who', ...publish, attributes: JSON.stringify({ category: 'news' }) }), row],
    sessions: ['/console/sessions', row],
    tokens: ['/console/tokens', '.row-space .row-line, .state'],
    keys: ['/console/keys', 'table, .row-line'],
    work: ['/console/work', '.row-space .row-line, .state'],
    audit: ['/console/audit', row],
    settings: ['/console/settings', '.settings-table'],
  };
}

/** The line of time at the newest change. */
async function toTheChange(page: Page): Promise<void> {
  await page.getByRole('slider').focus();
  await page.keyboard.press('PageDown');
  await page.locator('.why-happened li').first().waitFor();
}

/** The screens of the console with the demo's newspaper, as an administrator sees them; one tab shows one after another. */
export async function* consoleStates(page: Page, client: Client): AsyncGenerator<PageState> {
  for (const [name, [address, shown]] of Object.entries(screensOf(await idsOf(client)))) {
    await page.goto(new URL(address, page.url()).href);
    await page.locator('.console h1').waitFor();
    await page.locator(shown).first().waitFor();
    await page.waitForLoadState('networkidle');
    if (name === 'why') await toTheChange(page);
    yield { name, page };
  }
}
