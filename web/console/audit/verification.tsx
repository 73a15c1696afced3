import { useFormat } from '../../texts/format';
import { useLoaded } from '../../use-loaded';
import { useTextsOf } from '../ui/use-texts-of';
import { ConsoleVerificationDocument } from './operations';
import { texts } from './texts';

/** Whether the record is whole, and until when that was verified. */
export function Verification() {
  const words = useTextsOf(texts);
  const { dateTime } = useFormat();
  const { data } = useLoaded(ConsoleVerificationDocument, {});
  if (!data) return null;
  const found = data.securityEventVerification;
  if (!found) return <p className="verification quiet">{words.unverified}</p>;
  const { isIntact, fault, faultAt, wholeVerifiedAt } = found;
  if (!isIntact)
    return (
      <p className="verification notice bad" role="alert">
        <strong>{words.broken}.</strong> {words.brokenLead(fault ?? '?', faultAt ?? '?')}
      </p>
    );
  return (
    <p className="verification">
      <span className="badge good">{words.intact}</span>{' '}
      <span className="quiet">{wholeVerifiedAt ? words.intactLead(dateTime(wholeVerifiedAt)) : words.notWhole}</span>
    </p>
  );
}
