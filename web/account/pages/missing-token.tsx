import { useTexts } from '../../texts/context';
import { Page } from '../../ui/page';

/** In place of a page that a mailed link leads to, when the address has no token. */
export function MissingTokenPage() {
  const { missingToken } = useTexts();
  return <Page title={missingToken.title} lead={missingToken.lead} />;
}
