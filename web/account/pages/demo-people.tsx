import { useLocation } from 'wouter';
import type { Challenge } from '../../../client/gatehouse';
import { gatehouse } from '../../session';
import type { DemoPerson } from '../../settings';
import { useTexts } from '../../texts/context';
import { Form, SubmitButton } from '../../ui/form';

interface DemoPeopleProps {
  readonly people: readonly DemoPerson[];
  /** Somebody with a second factor was chosen. */
  readonly onChallenge: (challenge: Challenge) => void;
}

/** One-click sign-in as one of the people of the demo. Those with something to try come first. */
export function DemoPeople({ people, onChallenge }: DemoPeopleProps) {
  const { start: texts } = useTexts();
  const others = people.filter(({ tryThis }) => !tryThis);
  return (
    <section>
      <h2>{texts.demo}</h2>
      <p>{texts.demoLead}</p>
      <ul className="people">
        {people
          .filter(({ tryThis }) => tryThis)
          .map((person) => (
            <Person key={person.username} person={person} onChallenge={onChallenge} />
          ))}
      </ul>
      {others.length > 0 && (
        <details>
          <summary>{texts.demoOthers}</summary>
          <ul className="people">
            {others.map((person) => (
              <Person key={person.username} person={person} onChallenge={onChallenge} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Person({ person, onChallenge }: Pick<DemoPeopleProps, 'onChallenge'> & { readonly person: DemoPerson }) {
  const { start: texts } = useTexts();
  const [, navigate] = useLocation();
  const submit = async () => {
    const { username, password } = person;
    await gatehouse.signOut();
    const result = await gatehouse.signIn({ identifier: username, password });
    if (result.status === 'refused') return result.errors;
    if (result.status === 'secondFactor') onChallenge(result.challenge);
    else navigate('/account');
    return [];
  };
  return (
    <li>
      <Form submit={submit} label={person.fullName}>
        <div>
          <strong>{person.fullName}</strong> <span className="quiet">{person.roles.join(', ')}</span>
          {person.tryThis && <p>{person.tryThis}</p>}
        </div>
        <SubmitButton>{texts.signInAs(person.fullName)}</SubmitButton>
      </Form>
    </li>
  );
}
