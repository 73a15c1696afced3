import { useFormat } from '../../texts/format';
import { useLoaded } from '../../use-loaded';
import { mutate } from '../ui/mutate';
import { useTextsOf } from '../ui/use-texts-of';
import { ConsoleAuditVerifyDocument, ConsoleVerificationDocument } from './operations';
import { texts } from './texts';

/** Whether the record is whole, and until when that was verified. */
export function Verification() {
  const words = useTextsOf(texts);
  const { dateTime } = useFormat();
  const { data, reload } = useLoaded(ConsoleVerificationDocument, {});
  if (!data) return null;
  const found = data.securityEventVerification;
  if (!found) return <p className="verification quiet">{words.unverified}</p>;
  const { isIntact, fault, faultAt, wholeVerifiedAt, isUnderWay } = found;
  const verify = () => {
    // A refusal leaves what is known; the next attempt tells more.
    mutate(ConsoleAuditVerifyDocument, {}).then(reload, reload);
  };
  if (!isIntact)
    return (
      <p className="verification notice bad" role="alert">
        <strong>{words.broken}.</strong> {words.brokenLead(fault ?? '?', faultAt ?? '?')}
      </p>
    );
  return (
    <p className="verification">
      <span className="badge good">{words.intact}</span>{' '}
      <span className="quiet">{wholeVerifiedAt ? words.intactLead(dateTime(wholeVerifiedAt)) : words.notWhole}</span>{' '}
      {isUnderWay && wholeVerifiedAt && (
        <span className="quiet" role="status">
          {words.verifying}
        </span>
      )}
      {!isUnderWay && (
        <button type="button" className="button plain" onClick={verify}>
          {words.verify}
        </button>
      )}
    </p>
  );
}
