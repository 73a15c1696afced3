import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../texts/context';
import { useFormat } from '../texts/format';
import { LinkedText } from './linked-text';
import type { Mail } from './use-mails';
import { useSource } from './use-source';

/** One mail: as text with links, or as it was written. */
export function MailView({ id, mail }: { readonly id: string; readonly mail: Mail | undefined }) {
  const { mailbox: texts, common } = useTexts();
  const [isSource, setIsSource] = useState(false);
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
            <ViewButton isPressed={!isSource} onPress={() => setIsSource(false)} name={texts.asText} />
            <ViewButton isPressed={isSource} onPress={() => setIsSource(true)} name={texts.asSource} />
          </fieldset>
          {isSource ? <pre className="source">{source.text}</pre> : <LinkedText text={textIn(source.text)} />}
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

/**
 * The text of a mail. The service writes all of them as text/plain in UTF-8, without an encoding (`transport.ts`), so the
 * text is what follows the first empty line, and no library is needed to read it.
 */
const textIn = (source: string): string => source.slice(source.indexOf('\n\n') + 2);
