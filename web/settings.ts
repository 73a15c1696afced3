/** What the service tells its pages, in a data element of the document. The service makes it in `page-settings.ts`. */
export interface Settings {
  readonly serviceName: string;
  readonly logo: string | null;
  readonly color: string | null;
  readonly terms: string | null;
  readonly privacy: string | null;
  readonly returnOrigins: readonly string[];
  readonly passwordMinLength: number;
  readonly playground: boolean;
  readonly mailbox: boolean;
  /** People of the demo, whom anybody may sign in as; absent outside of it. */
  readonly demoPeople?: readonly DemoPerson[];
}

export interface DemoPerson {
  readonly username: string;
  readonly fullName: string;
  readonly password: string;
  readonly roles: readonly string[];
  /** What to try as this person; empty for most. */
  readonly tryThis: string;
}

export const settings: Settings = JSON.parse(document.getElementById('settings')?.textContent ?? '{}');
