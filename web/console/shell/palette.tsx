import { useState } from 'react';
import { useLocation } from 'wouter';
import { maySee, screens } from '../screens';
import { Combobox, type Option } from '../ui/combobox';
import { Dialog } from '../ui/dialog';
import { Name } from '../ui/name';
import { PersonLine, useFoundPeople } from '../ui/person-picker';
import { useDelayed } from '../ui/use-delayed';
import { useFound } from '../ui/use-found';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { ConsoleFindRolesDocument, type ConsoleFindRolesQuery } from './operations';
import { useShortcut } from './shortcuts';
import { texts } from './texts';

type FoundRole = ConsoleFindRolesQuery['rolesConnection']['nodes'][number];
const readRoles = ({ rolesConnection }: ConsoleFindRolesQuery) => rolesConnection.nodes;

/** Finds people, roles and screens, and opens them; Ctrl-K opens it anywhere. */
export function Palette({
  isOpen,
  onToggle,
}: {
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}) {
  const { palette, keys } = useTextsOf(texts);
  useShortcut({ keys: 'Ctrl+k', label: keys.palette, run: () => onToggle(true) });
  if (!isOpen) return null;
  return (
    <Dialog title={palette} kind="palette" onClose={() => onToggle(false)}>
      <Finder onDone={() => onToggle(false)} />
    </Dialog>
  );
}

function Finder({ onDone }: { readonly onDone: () => void }) {
  const words = useTextsOf(texts);
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const options = useOptions(text.trim());
  const choose = (address: string) => {
    onDone();
    navigate(address);
  };
  return (
    <Combobox
      label={words.palette}
      isLabelHidden
      isListAlways
      autoFocus
      placeholder={words.paletteHint}
      text={text}
      onText={setText}
      options={options}
      onChoose={choose}
      empty={words.paletteEmpty}
    />
  );
}

/** Where one can go, by what was typed. The value is the address. */
function useOptions(text: string): readonly Option<string>[] {
  const { groups, screens: names, whyFor } = useTextsOf(texts);
  const can = useCan();
  const search = useDelayed(text);
  const people = useFoundPeople(can('read', 'user') ? search : '') ?? [];
  const roles =
    useFound(ConsoleFindRolesDocument, search && can('read', 'role') ? { search } : undefined, readRoles) ?? [];
  const fits = (name: string) => name.toLocaleLowerCase().includes(text.toLocaleLowerCase());
  return [
    ...screens
      .filter((screen) => maySee(screen, can) && fits(names[screen.name]))
      .map(({ name, path }) => ({ key: path, value: path, content: names[name], group: groups.screens })),
    ...people.map((person) => ({
      key: person.id,
      value: `/console/people/${person.id}`,
      content: <PersonLine person={person} />,
      group: groups.people,
    })),
    ...roles.map((role) => ({
      key: role.id,
      value: `/console/roles/${role.id}`,
      content: <RoleLine role={role} />,
      group: groups.roles,
    })),
    ...people.slice(0, 3).map(({ id, fullName }) => ({
      key: `why ${id}`,
      value: `/console/why?person=${id}`,
      content: <Name>{whyFor(fullName)}</Name>,
      group: groups.actions,
    })),
  ];
}

function RoleLine({ role }: { readonly role: FoundRole }) {
  const { level } = useTextsOf(texts);
  return (
    <>
      <Name>{role.name}</Name> <span className="quiet">{level(String(role.level))}</span>
    </>
  );
}
