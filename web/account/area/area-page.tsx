import { type ComponentProps, useEffect, useRef } from 'react';
import type { GatehouseError } from '../../../client/gatehouse';
import { Problems } from '../../ui/form';
import { Page } from '../../ui/page';
import { useAccount } from '../viewer';

/**
 * A page of the account. Says above its content that the account could not be read again after a change, so that what is
 * shown may be old.
 * @param props.failure of reading again what the page shows beside the account
 */
export function AreaPage({
  failure,
  children,
  ...page
}: Omit<ComponentProps<typeof Page>, 'isWide'> & { readonly failure?: GatehouseError | undefined }) {
  const account = useAccount();
  const shown = failure ?? account.failure;
  const problems = useRef<HTMLDivElement>(null);
  // The form that was sent may be far below.
  useEffect(() => {
    if (account.failure) problems.current?.scrollIntoView({ block: 'nearest' });
  }, [account.failure]);
  return (
    <Page {...page} isWide>
      {shown && (
        <div ref={problems}>
          <Problems failure={shown} />
        </div>
      )}
      {children}
    </Page>
  );
}
