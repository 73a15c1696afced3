import { Page } from '../ui/page';

export function AccountArea() {
  return <Page title="Account" />;
}
