import { Suspense, useEffect, useRef, useState } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { settings } from '../../settings';
import icon from '../../ui/icon.svg';
import { maySee, type Screen, screens } from '../screens';
import { AnnouncementProvider } from '../ui/announce';
import { Busy, Empty, NoRight } from '../ui/states';
import { useTextsOf } from '../ui/use-texts-of';
import { useCan } from '../ui/viewer';
import { AccountMenu } from './account-menu';
import { Announcements } from './announcements';
import { Fault } from './fault';
import { Palette } from './palette';
import { ShortcutHelp, ShortcutProvider, useShortcut } from './shortcuts';
import { texts } from './texts';

/** What is around every screen: navigation, search and the menu of the account. */
export function Frame() {
  return (
    <ShortcutProvider>
      <AnnouncementProvider>
        <div className="console">
          <Head />
          <Navigation />
          <main id="content" tabIndex={-1}>
            <Content />
          </main>
        </div>
        <Announcements />
        <ShortcutHelp />
      </AnnouncementProvider>
    </ShortcutProvider>
  );
}

function Head() {
  const words = useTextsOf(texts);
  const [isOpen, setOpen] = useState(false);
  return (
    <header className="console-head">
      <a className="skip" href="#content">
        {words.console}
      </a>
      <Link href="/console" className="brand" aria-label={settings.serviceName}>
        <img src={settings.logo ?? icon} alt="" width="26" height="26" />
        <span>{settings.serviceName}</span>
      </Link>
      <button type="button" className="find" onClick={() => setOpen(true)}>
        <span>{words.palette}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <AccountMenu />
      <Palette isOpen={isOpen} onToggle={setOpen} />
    </header>
  );
}

function Navigation() {
  const words = useTextsOf(texts);
  const can = useCan();
  const [location] = useLocation();
  const visible = screens.filter((screen) => maySee(screen, can));
  return (
    <nav className="console-side" aria-label={words.navigation}>
      {visible.map((screen) => (
        <NavigationEntry key={screen.name} screen={screen} isCurrent={isAt(screen, location)} />
      ))}
    </nav>
  );
}

function NavigationEntry({ screen, isCurrent }: { readonly screen: Screen; readonly isCurrent: boolean }) {
  const { screens: names, keys } = useTextsOf(texts);
  const [, navigate] = useLocation();
  const name = names[screen.name];
  useShortcut({ keys: `g ${screen.key}`, label: keys.open(name), run: () => navigate(screen.path) });
  const link = useRef<HTMLAnchorElement>(null);
  // On narrow screens the entries are a row that scrolls.
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [isCurrent]);
  return (
    <Link ref={link} href={screen.path} aria-current={isCurrent ? 'page' : undefined}>
      {name}
    </Link>
  );
}

/** Whether an address is of a screen: the first one is at the root of the console. */
const isAt = ({ path }: Screen, location: string): boolean =>
  location === path || (path !== '/console' && location.startsWith(`${path}/`));

function Content() {
  const words = useTextsOf(texts);
  const can = useCan();
  const [location] = useLocation();
  const visible = screens.filter((screen) => maySee(screen, can));
  const [first] = visible;
  if (!first)
    return (
      <Empty title={words.nothingHere}>
        <p className="quiet">{words.nothingHereLead}</p>
      </Empty>
    );
  // Whoever may not see the first screen begins with the first that they may see.
  if (location === '/console' && !visible.some(({ path }) => path === '/console'))
    return <Redirect to={first.path} replace />;
  return (
    <Switch>
      {screens.map((screen) => (
        <Route key={screen.name} path={screen.path === '/console' ? '/console' : `${screen.path}/*?`}>
          <Shown screen={screen} isAllowed={visible.includes(screen)} />
        </Route>
      ))}
      <Route>
        <Empty title={words.notFound} />
      </Route>
    </Switch>
  );
}

function Shown({ screen, isAllowed }: { readonly screen: Screen; readonly isAllowed: boolean }) {
  const { component: Component, needs, name } = screen;
  if (!isAllowed) return <NoRight {...(needs[0] ? { right: needs[0] } : {})} />;
  return (
    <Fault key={name}>
      <Suspense fallback={<Busy />}>
        <Component />
      </Suspense>
    </Fault>
  );
}
