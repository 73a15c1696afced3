import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';

export interface StateOfPerson {
  readonly isActive: boolean | null;
  readonly isLocked: boolean | null;
  readonly isVerified: boolean | null;
  readonly isAdmin: boolean | null;
}

/** What is unusual about an account; nothing for most. */
export function Badges({ person }: { readonly person: StateOfPerson }) {
  const { badges } = useTextsOf(texts);
  return (
    <span className="badges">
      {person.isActive === false && <span className="badge bad">{badges.inactive}</span>}
      {person.isLocked && <span className="badge bad">{badges.locked}</span>}
      {person.isVerified === false && <span className="badge">{badges.unverified}</span>}
      {person.isAdmin && <span className="badge info">{badges.admin}</span>}
    </span>
  );
}
