import type { ReactNode } from 'react';
import { useTexts } from '../../texts/context';
import { Form, SubmitButton } from '../../ui/form';
import type { Submit } from '../../use-form';
import { Dialog } from './dialog';

/**
 * Asks before something is done, and says what it will do. It stays open with the errors when the API refuses.
 * @param props.children what will happen, and fields such as a reason
 * @param props.run gets the values of the fields; `onClose` is called once it has succeeded
 */
export function Confirm({
  title,
  children,
  verb,
  kind = 'danger',
  run,
  onClose,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly verb: string;
  readonly kind?: 'main' | 'danger';
  readonly run: Submit;
  readonly onClose: () => void;
}) {
  const { common } = useTexts();
  const submit: Submit = async (values, data) => {
    const errors = (await run(values, data)) ?? [];
    if (errors.length === 0) onClose();
    return errors;
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Form submit={submit} label={title}>
        {children}
        <div className="buttons">
          <button type="button" className="button" onClick={onClose}>
            {common.cancel}
          </button>
          <SubmitButton kind={kind}>{verb}</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
