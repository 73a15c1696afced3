import { useState } from 'react';
import { Field } from '../../ui/field';
import type { Submit, Values } from '../../use-form';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Name } from '../ui/name';
import type { Undoing } from '../ui/undoing';
import { useTextsOf } from '../ui/use-texts-of';
import { acts } from './acts';
import type { PersonFacts } from './person';
import { texts } from './texts';

const names = [
  'username',
  'email',
  'firstName',
  'lastName',
  'location',
  'website',
  'timezone',
  'language',
  'bio',
] as const;

type Changes = Readonly<Record<string, string | null>>;

/** Changes the account; only what was changed is sent, so that nothing that somebody else changes meanwhile is undone; of that it tells. */
export function EditPerson({
  person,
  onClose,
  onChanged,
}: {
  readonly person: PersonFacts;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) {
  const words = useTextsOf(texts);
  const announce = useAnnounce();
  // What is typed is compared with what was there when the form was opened.
  const [before] = useState(person);
  const run: Submit = async (values) => {
    const changes = changesIn(values, before);
    if (Object.keys(changes).length === 0) {
      announce(words.edit.same, 'notice');
      return [];
    }
    const input = { userId: person.id, expectedVersion: person.version, ...changes };
    const { errors, user } = await acts.update(input);
    if (errors.some(({ code }) => code === 'VERSION_CONFLICT')) onChanged();
    if (errors.length > 0) return errors;
    const undo = user && undoOf(before, changes, user.version);
    announce(words.did.edit(person.fullName), undo ? { run: undo } : undefined);
    onChanged();
    return [];
  };
  return (
    <Confirm title={words.edit.title} verb={words.edit.save} kind="main" run={run} onClose={onClose}>
      <Meanwhile before={before} now={person} />
      <div className="edit-fields">
        {names.map((name) => (
          <Field
            key={name}
            name={name}
            label={words.fields[name]}
            hint={name === 'email' ? words.edit.emailHint : undefined}
            defaultValue={before[name] ?? ''}
            autoComplete="off"
            spellCheck={name === 'bio'}
            isOptional={name !== 'username' && name !== 'email'}
          />
        ))}
      </div>
    </Confirm>
  );
}

/** A change of the address is not undone: mails have told of it, and the old one need not count as verified. */
function undoOf(before: PersonFacts, changes: Changes, expectedVersion: number | null): Undoing | undefined {
  if ('email' in changes || expectedVersion === null) return undefined;
  const former = Object.fromEntries(names.filter((name) => name in changes).map((name) => [name, before[name]]));
  return async () => (await acts.update({ userId: before.id, expectedVersion, ...former })).errors;
}

/** What somebody else has changed since the form was opened. It is kept, unless the same field is changed here, too. */
function Meanwhile({ before, now }: { readonly before: PersonFacts; readonly now: PersonFacts }) {
  const { edit, fields } = useTextsOf(texts);
  const changed = names.filter((name) => before[name] !== now[name]);
  if (changed.length === 0) return null;
  return (
    <div className="notice info">
      <p>{edit.meanwhile}</p>
      <ul>
        {changed.map((name) => (
          <li key={name}>
            {fields[name]}: <Name>{now[name] ?? '–'}</Name>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A field that was emptied is cleared. */
function changesIn(values: Values, person: PersonFacts): Changes {
  const changed = names.filter((name) => (values[name] ?? '') !== (person[name] ?? ''));
  const kept = (name: (typeof names)[number]) => name === 'username' || name === 'email';
  return Object.fromEntries(changed.map((name) => [name, values[name] || (kept(name) ? '' : null)]));
}
