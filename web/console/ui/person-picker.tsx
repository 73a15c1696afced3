import { useState } from 'react';
import { Combobox } from './combobox';
import { Name } from './name';
import { ConsoleFindPeopleDocument, type ConsoleFindPeopleQuery } from './operations';
import { texts } from './texts';
import { useDelayed } from './use-delayed';
import { useFound } from './use-found';
import { useTextsOf } from './use-texts-of';

export type FoundPerson = ConsoleFindPeopleQuery['users']['nodes'][number];

const readPeople = ({ users }: ConsoleFindPeopleQuery) => users.nodes;

/** People whose name or address has the text in it; at most eight, none for an empty text. */
export const useFoundPeople = (search: string): readonly FoundPerson[] | undefined =>
  useFound(ConsoleFindPeopleDocument, search ? { search, first: 8 } : undefined, readPeople);

/** A field that finds a person by name or address. */
export function PersonPicker({
  label,
  onChoose,
}: {
  readonly label: string;
  readonly onChoose: (person: FoundPerson) => void;
}) {
  const { nobodyFound, findPerson } = useTextsOf(texts);
  const [text, setText] = useState('');
  const search = useDelayed(text.trim());
  const found = useFoundPeople(search);
  const options = (found ?? []).map((person) => ({
    key: person.id,
    value: person,
    content: <PersonLine person={person} />,
  }));
  const choose = (person: FoundPerson) => {
    setText('');
    onChoose(person);
  };
  return (
    <Combobox
      label={label}
      placeholder={findPerson}
      text={text}
      onText={setText}
      options={options}
      onChoose={choose}
      {...(found && search ? { empty: nobodyFound } : {})}
    />
  );
}

/** Name, username and address of a person in one line. */
export function PersonLine({ person }: { readonly person: Pick<FoundPerson, 'fullName' | 'username' | 'email'> }) {
  return (
    <span className="person-line">
      <Name>{person.fullName}</Name> <span className="quiet">{person.username}</span>
      {person.email && <span className="quiet"> {person.email}</span>}
    </span>
  );
}
