import { Link } from 'wouter';
import { settings } from '../../settings';
import { useTexts } from '../../texts/context';
import { Page } from '../../ui/page';

export function NotFoundPage() {
  const { notFound, common } = useTexts();
  return (
    <Page title={notFound.title} lead={notFound.lead}>
      <p>
        <Link href="/">{common.startPage(settings.serviceName)}</Link>
      </p>
    </Page>
  );
}
