import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../texts/context';
import { useFormat } from '../texts/format';
import { hasHtml, textIn } from './forms';
import { LinkedText } from './linked-text';
import type { Mail } from './use-mails';
import { useSource } from './use-source';

type Form = 'text' | 'html' | 'source';

/** One mail: as text with links, as HTML, or as it was written. */
export function MailView({ id, mail }: { readonly id: string; readonly mail: Mail | undefined }) {
  const { mailbox: texts, common } = useTexts();
  const [form, setForm] = useState<Form>('text');
  const source = useSource(id);
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever has chosen a mail reads on there. The first mail is shown without being asked for.
  useEffect(() => {
    if (window.location.hash === `#${id}`) heading.current?.focus();
  }, [id]);
  return (
    <article className="mail" aria-labelledby="subject">
      <h2 id="subject" ref={heading} tabIndex={-1}>
        {mail?.subject ?? texts.unlisted}
      </h2>
      {mail && <Headers mail={mail} />}
      {source.status === 'gone' && <p role="alert">{texts.gone}</p>}
      {source.status === 'unreachable' && <p role="alert">{texts.unreachable}</p>}
      {source.status === 'loading' && <p>{common.loading}</p>}
      {source.status === 'there' && (
        <>
          <fieldset className="row">
            <legend className="hidden">{texts.shownAs}</legend>
            <ViewButton isPressed={form === 'text'} onPress={() => setForm('text')} name={texts.asText} />
            {hasHtml(source.text) && (
              <ViewButton isPressed={form === 'html'} onPress={() => setForm('html')} name={texts.asHtml} />
            )}
            <ViewButton isPressed={form === 'source'} onPress={() => setForm('source')} name={texts.asSource} />
          </fieldset>
          {form === 'text' && <LinkedText text={textIn(source.text)} />}
          {form === 'html' && <HtmlView id={id} title={mail?.subject ?? texts.unlisted} />}
          {form === 'source' && <pre className="source">{source.text}</pre>}
        </>
      )}
    </article>
  );
}

function ViewButton({
  isPressed,
  onPress,
  name,
}: {
  readonly isPressed: boolean;
  readonly onPress: () => void;
  readonly name: string;
}) {
  return (
    <button type="button" className="button plain" aria-pressed={isPressed} onClick={onPress}>
      {name}
    </button>
  );
}

/** The answer's own policy keeps scripts and remote content out; this keeps them out a second time. */
const HtmlView = ({ id, title }: { readonly id: string; readonly title: string }) => (
  <iframe
    className="html"
    title={title}
    src={`/dev/mailbox/messages/${id}/html`}
    sandbox="allow-popups allow-popups-to-escape-sandbox"
    referrerPolicy="no-referrer"
  />
);

function Headers({ mail: { from, to, date } }: { readonly mail: Mail }) {
  const { mailbox: texts } = useTexts();
  const format = useFormat();
  return (
    <dl className="headers">
      <dt>{texts.from}</dt>
      <dd>{from}</dd>
      <dt>{texts.to}</dt>
      <dd>{to}</dd>
      <dt>{texts.date}</dt>
      <dd>
        <time dateTime={date}>{format.dateTime(date)}</time>
      </dd>
    </dl>
  );
}
