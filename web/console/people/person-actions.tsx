import { useState } from 'react';
import { useLocation } from 'wouter';
import { useLanguage } from '../../texts/context';
import type { Values } from '../../use-form';
import { ActionButton } from '../ui/action-button';
import { useAnnounce } from '../ui/announce';
import { Confirm } from '../ui/confirm';
import { Name } from '../ui/name';
import { useTextsOf } from '../ui/use-texts-of';
import { useViewer } from '../ui/viewer';
import { ReasonField } from './act-fields';
import { acts } from './acts';
import { EditPerson } from './edit-person';
import { LockFields, lacksEnd, lockEndIn } from './lock-fields';
import { type Act as Acts, type Done, perform } from './perform';
import type { PersonFacts } from './person';
import { texts } from './texts';
import { useSessionsGoOn } from './use-sessions-go-on';

type Act = Exclude<Acts, 'grant' | 'revoke'> | 'remove';

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
      {button('lock', unless(person.viewerCanLock, may.lock))}
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

const harmless: readonly Act[] = ['unlock', 'reactivate'];

const done = async (act: Act, id: string, values: Values): Promise<Done> =>
  act === 'remove' ? { errors: await acts.remove(id) } : perform(act, id, values);

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
  const { timeZone } = useLanguage();
  const [, navigate] = useLocation();
  const announce = useAnnounce();
  const explain = useSessionsGoOn();
  const { verb, title, does } = words.acts[act];
  const run = async (given: Values) => {
    const until = act === 'lock' ? lockEndIn(given, timeZone) : '';
    if (until === undefined) return [lacksEnd(words.lock.noEnd)];
    const { errors, undo, sessionsGoOn } = await done(act, person.id, { ...given, until });
    if (errors.length > 0) return errors;
    const said = words.did[act](person.fullName);
    announce(sessionsGoOn ? `${said} ${explain(sessionsGoOn)}` : said, undo && { run: undo });
    if (act === 'remove') navigate('/console/people');
    else onChanged();
    return [];
  };
  return (
    <Confirm title={title} verb={verb} kind={harmless.includes(act) ? 'main' : 'danger'} onClose={onClose} run={run}>
      <p className="asked-person">
        <Name>{person.fullName}</Name> <span className="quiet">{person.username}</span>
      </p>
      <p>{does}</p>
      {act === 'lock' && <LockFields mayEndSessions={person.viewerCanUpdate} />}
      {act === 'deactivate' && <ReasonField />}
    </Confirm>
  );
}
