import { type FormEvent, useState } from 'react';
import { gatehouse, useSession } from '../session';
import { type DemoPerson, settings } from '../settings';
import icon from '../ui/icon.svg';

/** Above the editors: who is signed in, and how to change it. */
export function Bar() {
  const session = useSession();
  const [problem, setProblem] = useState('');
  const run = (work: () => Promise<void>) => {
    setProblem('');
    work().catch((error: Error) => setProblem(error.message));
  };
  return (
    <header className="bar">
      <a className="brand" href="/">
        <img src={settings.logo ?? icon} alt="" width="24" height="24" />
        <span>{settings.serviceName}</span>
      </a>
      <h1>Playground</h1>
      <p role="status">{problem || whoIs(session)}</p>
      {settings.demoPeople && <People people={settings.demoPeople} run={run} />}
      {session.status === 'signedOut' && <SignInLink />}
      {session.status === 'signedIn' && (
        <button type="button" onClick={() => run(() => gatehouse.signOut())}>
          Sign out
        </button>
      )}
    </header>
  );
}

/** Named apart from the button that signs in as somebody of the demo. */
const SignInLink = () => (
  <a href="/login?return_to=/playground">{settings.demoPeople ? 'Sign in with a password' : 'Sign in'}</a>
);

function whoIs(session: ReturnType<typeof useSession>): string {
  if (session.status === 'signedIn') return `Signed in as ${session.username}`;
  return session.status === 'signedOut' ? 'Nobody is signed in' : '';
}

interface PeopleProps {
  readonly people: readonly DemoPerson[];
  readonly run: (work: () => Promise<void>) => void;
}

/** Choosing somebody alone does nothing: with the keyboard, each person on the way would be signed in (WCAG 3.2.2). */
function People({ people, run }: PeopleProps) {
  const session = useSession();
  const username = session.status === 'signedIn' ? session.username : '';
  const [chosen, setChosen] = useState<string>();
  const isKnown = people.some((one) => one.username === username);
  const signIn = (event: FormEvent) => {
    event.preventDefault();
    const person = people.find((one) => one.username === chosen);
    if (person) run(() => signInAs(person).finally(() => setChosen(undefined)));
  };
  return (
    <form onSubmit={signIn}>
      <select
        aria-label="Sign in as"
        required
        value={chosen ?? (isKnown ? username : '')}
        onChange={(event) => setChosen(event.currentTarget.value)}
      >
        <option value="">Sign in as …</option>
        {people.map(({ username: name, fullName, roles }) => (
          <option key={name} value={name}>
            {[fullName, ...roles.slice(0, 1)].join(' – ')}
          </option>
        ))}
      </select>
      <button type="submit">Sign in</button>
    </form>
  );
}

async function signInAs({ username, password }: DemoPerson): Promise<void> {
  await gatehouse.signOut();
  const result = await gatehouse.signIn({ identifier: username, password });
  // The start page asks for the code.
  if (result.status === 'secondFactor') window.location.assign('/');
  if (result.status === 'refused') throw new Error(result.errors[0]?.message ?? 'The sign-in was refused.');
}
