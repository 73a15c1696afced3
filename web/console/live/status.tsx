import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useTextsOf } from '../ui/use-texts-of';
import type { FeedState } from './feed';
import { texts } from './texts';

/** How the feed stands: live, held, broken, caught up again, or with a gap. */
export function Status({
  state,
  isPaused,
  onRestart,
  onRelease,
}: {
  readonly state: FeedState;
  readonly isPaused: boolean;
  readonly onRestart: () => void;
  readonly onRelease: () => void;
}) {
  const words = useTextsOf(texts);
  const { status, isHeld, waiting, hasMoreWaiting, isCaughtUp } = state;
  const number = hasMoreWaiting ? words.moreThan(waiting) : String(waiting);
  return (
    <div className="live-status" role="status">
      <span className={badges[status]}>{words.status[isHeld && status === 'live' ? 'held' : status]}</span>
      <span>
        {status === 'live' && isCaughtUp && words.caughtUp}
        {status === 'expired' && words.expiredLead}
        {status === 'broken' && words.brokenLead}
        {isHeld && status === 'live' && !isPaused && words.heldLead}
      </span>
      {(status === 'expired' || status === 'failed') && (
        <Button onClick={onRestart}>{status === 'expired' ? words.goOnFromNow : words.again}</Button>
      )}
      {status === 'expired' && <Link href="/console/audit">{words.lookInAudit}</Link>}
      {isHeld && waiting > 0 && <Button onClick={onRelease}>{words.show(number)}</Button>}
    </div>
  );
}

const badges: Readonly<Record<FeedState['status'], string>> = {
  opening: 'badge',
  live: 'badge good',
  broken: 'badge bad',
  catchingUp: 'badge info',
  expired: 'badge bad',
  failed: 'badge bad',
  ended: 'badge bad',
};

function Button({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" className="button" onClick={onClick}>
      {children}
    </button>
  );
}
