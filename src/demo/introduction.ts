import type { DemoPerson } from '../services.js';

/**
 * What is printed at every start of the demo: where to go, who to be, and what to try.
 * @param url of the service, without a path
 */
export function introduction(url: string, people: readonly DemoPerson[], dataDir: string): string {
  const invited = people.filter(({ tryThis }) => tryThis !== '');
  const lines = invited.flatMap(({ username, password, tryThis }) => [`  ${username}  ${password}`, `    ${tryThis}`]);
  return `
This is the Harbour Courier, a newspaper that is made up, with ${people.length} people and four weeks behind it.
Open ${url}/ and sign in as any of them, for example as:

${lines.join('\n')}

Mail and data are in ${dataDir}; delete it to begin anew.

`;
}
