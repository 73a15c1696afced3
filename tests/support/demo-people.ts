/** Somebody whom the start page of a demo shows with their password. */
export interface DemoPerson {
  readonly username: string;
  readonly password: string;
}

/** @returns an administrator of the demo: its start page tells the passwords of its people */
export async function administratorOf(url: string): Promise<DemoPerson> {
  const reply = await fetch(url, { headers: { accept: 'text/html' } });
  const settings = /id="settings">(.*?)<\/script>/s.exec(await reply.text())?.[1] ?? '{}';
  const { demoPeople = [] } = JSON.parse(settings) as { demoPeople?: readonly DemoPerson[] };
  const administrator = demoPeople.find(({ username }) => username === 'ines.duarte');
  if (!administrator) throw new Error('The demo has no administrator.');
  return administrator;
}
