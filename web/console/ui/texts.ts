const en = {
  noRight: 'You may not see this',
  noRightNamed: (right: string) => `It needs the permission ${right}, which none of your roles gives.`,
  findPerson: 'Name, username or address',
  nobodyFound: 'Nobody is found.',
  removeFilter: (what: string) => `Remove the filter ${what}`,
};

const de: typeof en = {
  noRight: 'Das dürfen Sie nicht sehen',
  noRightNamed: (right: string) => `Dazu braucht es die Berechtigung ${right}, die keine Ihrer Rollen gibt.`,
  findPerson: 'Name, Benutzername oder Adresse',
  nobodyFound: 'Niemand gefunden.',
  removeFilter: (what: string) => `Den Filter ${what} entfernen`,
};

export const texts = { en, de };
