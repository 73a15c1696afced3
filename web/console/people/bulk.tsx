import { useState } from 'react';
import { useLanguage } from '../../texts/context';
import { ActionButton } from '../ui/action-button';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { type BulkAct, BulkDialog } from './bulk-dialog';
import type { ConsolePersonRowFragment } from './operations';
import { texts } from './texts';

/** What can be done with everybody who is chosen. */
export function Bulk({
  people,
  onNobody,
  onDone,
}: {
  readonly people: readonly ConsolePersonRowFragment[];
  readonly onNobody: () => void;
  readonly onDone: () => void;
}) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const can = useCan();
  const [act, setAct] = useState<BulkAct>();
  const button = (name: BulkAct, isAllowed: boolean, why: string) => (
    <ActionButton reason={isAllowed ? undefined : why} onPress={() => setAct(name)}>
      {words.acts[name].verb} …
    </ActionButton>
  );
  return (
    <div className="bulk" role="toolbar" aria-label={words.bulk.toolbar}>
      <strong aria-live="polite">{words.bulk.chosen(people.length.toLocaleString(language))}</strong>
      {button('lock', can('lock', 'user'), words.may.lockMany)}
      {button('unlock', can('unlock', 'user'), words.may.unlock)}
      {button('deactivate', can('deactivate', 'user'), words.may.deactivate)}
      {button('endSessions', can('update', 'user'), words.may.update)}
      {button('grant', can('grant', 'role'), words.may.grant)}
      <button type="button" className="button plain" onClick={onNobody}>
        {words.bulk.none}
      </button>
      {act && (
        <BulkDialog
          act={act}
          people={people}
          onClose={(isChanged) => {
            setAct(undefined);
            if (isChanged) onDone();
          }}
        />
      )}
    </div>
  );
}
