import { useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../../texts/context';
import { useExplain } from '../../texts/explain';
import { asGatehouseError } from '../../use-loaded';
import { type Offer, useAnnounce, useAnnounced, useTellUndone } from '../ui/announce';
import { useTopDialog } from '../ui/dialog';
import { useTextsOf } from '../ui/use-texts-of';
import { useShortcut } from './shortcuts';
import { texts } from './texts';

/** Shows what was announced, and offers to undo what was done last. */
export function Announcements() {
  const { undo } = useTextsOf(texts);
  const { text, count, offer } = useAnnounced();
  const announce = useAnnounce();
  const { start, isBusy, dialog } = useUndoing(offer);
  useShortcut({ keys: 'z', label: undo.key, run: offer ? start : () => announce(undo.nothing, 'notice') });
  const top = useTopDialog();
  const region = (
    <div className="announcements" role="status" aria-live="polite">
      {text && <p key={count}>{text}</p>}
      {offer && <Card offer={offer} isBusy={isBusy} onUndo={start} />}
    </div>
  );
  return (
    <>
      {top ? createPortal(region, top) : region}
      {dialog}
    </>
  );
}

function Card({
  offer,
  isBusy,
  onUndo,
}: {
  readonly offer: Offer;
  readonly isBusy: boolean;
  readonly onUndo: () => void;
}) {
  const { undo } = useTextsOf(texts);
  const { common } = useTexts();
  const { dismiss } = useAnnounced();
  return (
    <div className="undo">
      <span>{offer.text}</span>
      <button type="button" className="undo-button" aria-busy={isBusy} aria-keyshortcuts="z" onClick={onUndo}>
        {undo.verb}{' '}
        <span className="undo-key" aria-hidden="true">
          z
        </span>
      </button>
      <button type="button" className="icon-button" aria-label={common.close} onClick={dismiss}>
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}

/** Undoes what is offered, once at a time, and says what became of it. */
function useUndoing(offer: Offer | undefined) {
  const { undo: words } = useTextsOf(texts);
  const { refusal, failure } = useExplain();
  const { dismiss } = useAnnounced();
  const announce = useAnnounce();
  const tellUndone = useTellUndone();
  const isRunning = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [open, setOpen] = useState<Offer>();
  const run = async ({ text, undo }: Offer) => {
    if (!('run' in undo)) return;
    try {
      const [error] = await undo.run();
      if (!error) announce(words.undone(text));
      else announce(words.notUndone(error.code === 'VERSION_CONFLICT' ? words.changedMeanwhile : refusal(error)));
      tellUndone();
    } catch (reason) {
      // It was not answered, so it can be tried again.
      announce(words.notUndone(failure(asGatehouseError(reason))), 'notice');
    }
  };
  const start = () => {
    if (!offer || isRunning.current) return;
    if ('show' in offer.undo) {
      setOpen(offer);
      dismiss();
      return;
    }
    isRunning.current = true;
    setBusy(true);
    void run(offer).finally(() => {
      isRunning.current = false;
      setBusy(false);
    });
  };
  const close = () => {
    setOpen(undefined);
    tellUndone();
  };
  return { start, isBusy, dialog: open && 'show' in open.undo && open.undo.show(close) };
}
