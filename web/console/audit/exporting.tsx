import { useEffect, useRef, useState } from 'react';
import type { FieldError, GatehouseError } from '../../../client/gatehouse';
import { useLanguage } from '../../texts/context';
import { Problems } from '../../ui/form';
import { asGatehouseError } from '../../use-loaded';
import { useAnnounce } from '../ui/announce';
import { Dialog } from '../ui/dialog';
import { mutate } from '../ui/mutate';
import { useTextsOf } from '../ui/use-texts-of';
import { type ExportFormat, exportEvents } from './export-events';
import { ConsoleBeginEventExportDocument, type SecurityEventFilter } from './operations';
import { texts } from './texts';

/** Writes the events that are shown to a file. */
export function Exporting({ filter }: { readonly filter: SecurityEventFilter }) {
  const words = useTextsOf(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {words.exporting}
      </button>
      {isOpen && (
        <Dialog title={words.exporting} onClose={() => setOpen(false)}>
          <ExportForm filter={filter} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}

function ExportForm({ filter, onDone }: { readonly filter: SecurityEventFilter; readonly onDone: () => void }) {
  const words = useTextsOf(texts);
  const { language } = useLanguage();
  const announce = useAnnounce();
  const [progress, setProgress] = useState<number>();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [failure, setFailure] = useState<GatehouseError>();
  const stopping = useRef<AbortController>(undefined);
  useEffect(() => () => stopping.current?.abort(), []);
  const run = async (format: ExportFormat) => {
    const controller = new AbortController();
    stopping.current = controller;
    setFailure(undefined);
    setErrors([]);
    setProgress(0);
    try {
      const input = { filter, format: format === 'csv' ? 'CSV' : 'JSON_LINES' } as const;
      const { before, errors: refused } = await mutate(ConsoleBeginEventExportDocument, { input });
      if (before === null) {
        setErrors(refused);
        return;
      }
      const asked = { filter, format, before };
      const { content, count, isComplete } = await exportEvents(asked, setProgress, controller.signal);
      save(content, `security-events.${format}`);
      announce((isComplete ? words.exported : words.exportedSome)(count.toLocaleString(language)));
      onDone();
    } catch (reason) {
      if (!controller.signal.aborted) setFailure(asGatehouseError(reason));
    } finally {
      setProgress(undefined);
    }
  };
  return (
    <>
      <p>{words.exportLead}</p>
      <Problems errors={errors} failure={failure} />
      {progress === undefined ? (
        <div className="buttons">
          {(['csv', 'jsonl'] as const).map((format) => (
            <button key={format} type="button" className="button" onClick={() => void run(format)}>
              {words.exportAs[format]}
            </button>
          ))}
        </div>
      ) : (
        <div className="buttons">
          <span role="status">{words.count(progress.toLocaleString(language))}</span>
          <button type="button" className="button" onClick={() => stopping.current?.abort()}>
            {words.stop}
          </button>
        </div>
      )}
    </>
  );
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
