import { UrlField } from '../ui/url-field';
import { useTextsOf } from '../ui/use-texts-of';
import { texts } from './texts';

/** Narrows the roles that are shown; kept in the address. */
export function RoleSearch() {
  const { search } = useTextsOf(texts);
  return (
    <div className="toolbar">
      <UrlField name="search" label={search} type="search" className="field grow" />
    </div>
  );
}
