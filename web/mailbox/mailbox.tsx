import { useTexts } from '../texts/context';
import { useFormat } from '../texts/format';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { MailView } from './mail-view';
import { useChosen } from './use-chosen';
import { type Mail, useMails } from './use-mails';

/** The mail that this service has written to files, as it arrives. */
export function Mailbox() {
  const { mailbox: texts, common } = useTexts();
  const { mails, connection } = useMails();
  const isBroken = connection === 'broken';
  const chosen = useChosen(mails);
  return (
    <Page title={texts.title} lead={texts.lead} isWide>
      {mails && isBroken && <Notice kind="info">{texts.disconnected}</Notice>}
      {!mails && <p role="status">{isBroken ? texts.unreachable : common.loading}</p>}
      {mails?.length === 0 && <p>{texts.empty}</p>}
      <p role="status" className="hidden">
        {mails?.[0] && texts.newest(mails[0].subject, mails[0].to)}
      </p>
      {mails && mails.length > 0 && (
        <div className="mailbox">
          <MailList mails={mails} chosen={chosen} />
          {chosen !== undefined && <MailView key={chosen} id={chosen} mail={mails.find(({ id }) => id === chosen)} />}
        </div>
      )}
    </Page>
  );
}

function MailList({ mails, chosen }: { readonly mails: readonly Mail[]; readonly chosen: string | undefined }) {
  const { mailbox: texts } = useTexts();
  const format = useFormat();
  return (
    <nav aria-label={texts.list}>
      <ul className="mails">
        {mails.map(({ id, subject, to, date }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={id === chosen ? 'true' : undefined}>
              <strong>{subject}</strong>
              <span>{to}</span>
              <time dateTime={date}>{format.dateTime(date)}</time>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
