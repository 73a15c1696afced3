import { Route, Switch } from 'wouter';
import '../styles/people.css';
import { PeopleList } from './people-list';
import { Person } from './person';

/** Everybody whom the viewer may read, and one of them. */
export default function People() {
  return (
    <Switch>
      <Route path="/console/people/:id">{({ id }) => <Person key={id} id={id} />}</Route>
      <Route>
        <PeopleList />
      </Route>
    </Switch>
  );
}
