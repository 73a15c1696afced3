import { useState } from 'react';
import { useLocation } from 'wouter';
import type { FieldError } from '../../../client/gatehouse';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { useViewer } from '../ui/viewer';
import { ReasonField } from './act-fields';
import { acts } from './acts';
import { EditPerson } from './edit-person';
import type { PersonFacts } from './person';
import { texts } from './texts';

type Act = 'unlock' | 'deactivate' | 'reactivate' | 'endSessions' | 'makeAdmin' | 'takeAdmin' | 'remove';

/** Everything that can be done with the account as a whole; what the viewer may not do says why. */
export function PersonActions({ person, onChanged }: { readonly person: PersonFacts; readonly onChanged: () => void }) {
  const words = useTextsOf(texts);
  const { may } = words;
  const [act, setAct] = useState<Act | 'edit'>();
  const { id } = useViewer();
  const close = () => setAct(undefined);
  const button = (name: Act, why: string | undefined, kind: '' | 'danger' = '') => (
    <ActionButton reason={why} kind={kind} onPress={() => setAct(name)}>
      {words.acts[name].verb} …
    </ActionButton>
  );
  const unless = (isAllowed: boolean, why: string) => (isAllowed ? undefined : why);
  return (
    <div className="person-actions" role="toolbar" aria-label={words.person.actions}>
      <ActionButton reason={unless(person.viewerCanUpdate, may.update)} onPress={() => setAct('edit')}>
        {words.edit.verb} …
      </ActionButton>
      {button('unlock', person.isLocked ? unless(person.viewerCanUnlock, may.unlock) : may.notLocked)}
      {button('endSessions', unless(person.viewerCanUpdate, may.update))}
      {button(person.isActive ? 'deactivate' : 'reactivate', unless(person.viewerCanDeactivate, may.deactivate))}
      {button(
        person.isAdmin ? 'takeAdmin' : 'makeAdmin',
        unless(person.viewerCanSetAdministrator && !(person.isAdmin && id === person.id), may.administer),
      )}
      {button('remove', unless(person.viewerCanDelete, may.remove), 'danger')}
      {act === 'edit' && <EditPerson person={person} onClose={close} onChanged={onChanged} />}
      {act && act !== 'edit' && <Ask act={act} person={person} onClose={close} onChanged={onChanged} />}
    </div>
  );
}

function Ask({
  act,
  person,
  onClose,
  onChanged,
}: {
  readonly act: Act;
  readonly person: PersonFacts;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) {
  const words = useTextsOf(texts);
  const [, navigate] = useLocation();
  const announce = useAnnounce();
  const { verb, title, does } = words.acts[act];
  const { id } = person;
  const works: Record<Act, (reason: string | null) => Promise<readonly FieldError[]>> = {
    unlock: () => acts.unlock(id),
    deactivate: (reason) => acts.deactivate(id, reason),
    reactivate: () => acts.reactivate(id),
    endSessions: () => acts.endSessions(id),
    makeAdmin: () => acts.setAdministrator(id, true),
    takeAdmin: () => acts.setAdministrator(id, false),
    remove: () => acts.remove(id),
  };
  return (
    <Confirm
      title={title}
      verb={verb}
      kind={act === 'unlock' || act === 'reactivate' ? 'main' : 'danger'}
      onClose={onClose}
      run={async ({ reason }) => {
        const errors = await works[act](reason?.trim() || null);
        if (errors.length > 0) return errors;
        announce(words.person.done(verb));
        if (act === 'remove') navigate('/console/people');
        else onChanged();
        return [];
      }}
    >
      <p className="asked-person">
        <Name>{person.fullName}</Name> <span className="quiet">{person.username}</span>
      </p>
      <p>{does}</p>
      {act === 'deactivate' && <ReasonField />}
    </Confirm>
  );
}
