import type { Gatehouse } from 'gatehouse/client';

interface Session {
  readonly id: string;
  readonly device: string;
  readonly isCurrent: boolean;
}

/** What the page shows. Each example asks for it with another GraphQL client. */
export interface Source {
  sessions(): Promise<readonly Session[]>;
  /** Calls a listener when a session is opened or has ended. @returns a function that ends it */
  onSessionEvent(listener: () => void): () => void;
  usernames(): Promise<readonly string[]>;
}

export const sessionsQuery = 'query Sessions { viewer { id sessions { id device isCurrent } } }';
export const sessionEvents =
  'subscription SessionEvents($after: String) { sessionEvents(after: $after) { cursor type session { id } } }';
export const usersQuery = 'query Users { users(first: 20) { nodes { id username } } }';

export interface SessionsResult {
  readonly viewer: { readonly sessions: readonly Session[] } | null;
}
export interface UsersResult {
  readonly users: { readonly nodes: readonly { readonly username: string }[] };
}

const page = `
  <form hidden>
    <label>Name or e-mail <input name="identifier" autocomplete="username" required></label>
    <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
    <label hidden>Code <input name="code" autocomplete="one-time-code"></label>
    <button>Sign in</button>
  </form>
  <section hidden>
    <p>Signed in as <b></b> <button name="sign-out">Sign out</button></p>
    <h2>Sessions</h2>
    <ul></ul>
    <button name="users" hidden>List users</button>
  </section>
  <output role="status"></output>`;

/** Shows a sign-in form, then the live list of sessions and a button for those who may read users. */
export function show(gatehouse: Gatehouse, source: Source): void {
  const main = document.querySelector('main') as HTMLElement;
  main.innerHTML = page;
  const find = <T extends HTMLElement>(selector: string) => main.querySelector(selector) as T;
  const [form, section, list, output] = [find<HTMLFormElement>('form'), find('section'), find('ul'), find('output')];
  const codeLabel = find('label:has([name=code])');
  const say = (text: string) => {
    output.textContent = text;
  };
  const failed = (error: Error) => say(error.message);

  const listSessions = async () => {
    const items = (await source.sessions()).map(({ device, isCurrent }) => {
      const item = document.createElement('li');
      item.textContent = isCurrent ? `${device} (this one)` : device;
      return item;
    });
    list.replaceChildren(...items);
  };

  let stop: (() => void) | undefined;
  let shown: string | undefined;
  const render = () => {
    const { state } = gatehouse;
    const userId = state.status === 'signedIn' ? state.userId : undefined;
    form.hidden = userId !== undefined;
    section.hidden = userId === undefined;
    find('b').textContent = state.status === 'signedIn' ? state.username : '';
    find('[name=users]').hidden = userId === undefined || !gatehouse.can('read', 'user');
    if (userId === shown) return;
    shown = userId;
    stop?.();
    stop = userId === undefined ? undefined : source.onSessionEvent(() => void listSessions().catch(failed));
    if (userId !== undefined) void listSessions().catch(failed);
  };

  let challenge: { challengeToken: string } | undefined;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { identifier, password, code } = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const answer = challenge
      ? gatehouse.completeSignIn(challenge, code ?? '')
      : gatehouse.signIn({ identifier: identifier ?? '', password: password ?? '' });
    const result = await answer.catch((error: Error) => ({ status: 'refused' as const, errors: [error] }));
    challenge = result.status === 'secondFactor' ? result.challenge : challenge;
    codeLabel.hidden = challenge === undefined;
    if (result.status === 'signedIn') challenge = undefined;
    say(result.status === 'refused' ? (result.errors[0]?.message ?? '') : '');
    if (result.status === 'signedIn') form.reset();
  });
  find('[name=sign-out]').addEventListener('click', () => void gatehouse.signOut().catch(failed));
  find('[name=users]').addEventListener('click', () => {
    source.usernames().then((names) => say(names.join(', ')), failed);
  });
  gatehouse.onChange(render);
  gatehouse.start().then(render, failed);
}
